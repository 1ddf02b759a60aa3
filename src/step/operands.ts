import { refuseKind, wayOut } from '../shared/check.ts'
import { type Precision, precisionOf } from './precision.ts'
import { isSparse, isSparseGradient, type Rows, requireRowIndices, rowsOf } from './rows.ts'
import { inOwnMemory } from './short-lived.ts'
import { bufferOf, byteOffsetOf } from './typed-array.ts'
import type { FloatArray, Gradient, SparseGradient } from './types.ts'

/** The coordinates that a gradient touches, and where: all of a variable, or some rows. */
export interface Touched {
  /** One value for each coordinate of the variable, or of the rows, one after the other. */
  readonly gradient: FloatArray
  /** The rows, each once, in ascending order; undefined for a dense gradient. */
  readonly rows: Uint32Array | undefined
  /** Coordinates of a row. */
  readonly width: number
  /** The gradient as the caller gave it, for messages. */
  readonly given: Gradient
}

/** The arrays of a step, which fit together; nothing has been read of their contents but the row indices. */
export interface Operands extends Touched {
  readonly precision: Precision
  readonly variable: FloatArray
  readonly accumulator: FloatArray
}

/** Where in the variable the `j`-th touched coordinate lies. */
export function coordinateOf(j: number, { rows, width }: Touched): number {
  return rows === undefined ? j : rows[Math.floor(j / width)] * width + (j % width)
}

/**
 * Checks that variable, accumulator and gradient fit together. Throws TypeError or RangeError where their kinds, lengths,
 * memory or row indices do not.
 */
export function operandsOf(
  variable: FloatArray,
  accumulator: FloatArray,
  gradient: Gradient,
  precision: Precision,
): Operands {
  if (ArrayBuffer.isView(gradient) && clearlyFit(variable, accumulator, gradient, precision)) {
    return { precision, variable, accumulator, gradient, rows: undefined, width: gradient.length, given: gradient }
  }
  const w = ownView(variable, 'variable', precision)
  const a = ownView(accumulator, 'accumulator', precision)
  requirePair(w, 'variable', a, 'accumulator')
  const { gradient: g, rows, width } = touchedBy(gradient, w, 'variable', precision)
  if (isSparse(gradient)) refuseSparseOverlap(a, 'accumulator', gradient)
  else refuseOverlap(a, 'accumulator', g, 'gradient')
  return { precision, variable: w, accumulator: a, gradient: g, rows, width, given: gradient }
}

/**
 * Whether three arrays are certainly of the engine's own class for a precision, of one length, and without a byte in
 * common. Where it says no, the checks with messages decide. What comes as accumulator may be anything yet.
 */
export function clearlyFit(w: FloatArray, a: FloatArray, g: FloatArray, { Kind, bytes }: Precision): boolean {
  if (!ArrayBuffer.isView(a)) return false
  const { length } = w
  // Lengths before classes: once it has read a length, V8 knows the class.
  if (a.length !== length || g.length !== length) return false
  const { prototype } = Kind
  if (!isOwn(w, prototype) || !isOwn(a, prototype) || !isOwn(g, prototype)) return false
  return areApart(w, a, g, length * bytes)
}

/** Whether three arrays of so many bytes certainly have none in common. */
function areApart(w: FloatArray, a: FloatArray, g: FloatArray, bytes: number): boolean {
  const wAt = byteOffsetOf(w)
  const aAt = byteOffsetOf(a)
  const gAt = byteOffsetOf(g)
  return isApart(w, a, wAt - aAt, bytes) && isApart(a, g, aAt - gAt, bytes) && isApart(g, w, gAt - wAt, bytes)
}

/**
 * If the buffers of two arrays were one, those that begin at the same byte would begin with the same value. Where the values
 * differ the buffers are two, and need not be asked for: that takes as long as a step on four coordinates.
 */
function isApart(one: FloatArray, other: FloatArray, offset: number, bytes: number): boolean {
  return offset === 0 ? one[0] < other[0] || one[0] > other[0] : Math.abs(offset) >= bytes
}

/** What a gradient touches of `target`, checked against it alone. */
export function touchedBy(gradient: Gradient, target: FloatArray, role: string, precision: Precision): Touched {
  if (ArrayBuffer.isView(gradient)) {
    const g = ownView(gradient, 'gradient', precision)
    requirePair(target, role, g, 'gradient')
    return { gradient: g, rows: undefined, width: g.length, given: gradient }
  }
  const { indices, values, width } = sparseGradient(gradient, target, role, precision)
  return { gradient: values, rows: indices, width, given: gradient }
}

function sparseGradient(gradient: SparseGradient, target: FloatArray, role: string, precision: Precision): Rows {
  if (!isSparseGradient(gradient)) {
    const mend = wayOut(gradient) || (role === 'variable' ? '; the order is variable, accumulator, gradient' : '')
    refuseKind(gradient, 'gradient', `a typed array or { indices, values }${mend}`)
  }
  const { indices } = gradient
  requireRowIndices(indices)
  const values = ownView(gradient.values, 'gradient.values', precision)
  refuseSparseOverlap(target, role, gradient)
  return rowsOf(indices, values, precision, target.length)
}

/**
 * A sparse gradient with its rows ascending, each once; itself where they are already. Throws as a step does where its parts
 * do not fit together, or an index is no row of a variable of this length.
 */
export function distinctRows(gradient: SparseGradient, variableLength: number): SparseGradient {
  requireRowIndices(gradient.indices)
  const precision = requireFloatArray(gradient.values, 'gradient.values')
  const own = ownView(gradient.values, 'gradient.values', precision)
  const { indices, values } = rowsOf(gradient.indices, own, precision, variableLength)
  return values === own ? gradient : { indices: inOwnMemory(indices), values: inOwnMemory(values) }
}

/**
 * The same operands, where rows of the gradient were summed or put in order in memory of their own: hooks get them, and may
 * give it to another thread, with all that was cut from it.
 */
export function withOwnRows(operands: Operands): Operands {
  const { given, gradient, rows } = operands
  if (rows === undefined || summedGradient(operands) === given) return operands
  return { ...operands, rows: inOwnMemory(rows), gradient: inOwnMemory(gradient) }
}

/** The gradient as it was given, or, where rows of it were summed or put in order, what came of that. */
export function summedGradient({ given, gradient, rows }: Touched): Gradient {
  return rows === undefined || (isSparse(given) && given.values === gradient)
    ? given
    : { indices: rows, values: gradient }
}

function refuseSparseOverlap(array: FloatArray, role: string, { indices, values }: SparseGradient): void {
  refuseOverlap(array, role, values, 'gradient.values')
  if (ArrayBuffer.isView(indices)) refuseOverlap(array, role, indices, 'gradient.indices')
}

/** Throws TypeError unless `array` is a Float32Array or Float64Array. */
export function requireFloatArray(array: unknown, role: string): Precision {
  const precision = precisionOf(array)
  if (precision !== undefined) return precision
  return refuseKind(array, role, `a Float32Array or Float64Array${wayOut(array)}`)
}

/** Whether an array is of the engine's own class for a precision, and of this realm. */
function isOwn(array: FloatArray, prototype: object): boolean {
  return Object.getPrototypeOf(array) === prototype
}

/**
 * The array itself, or a view of it where it is of a subclass or another realm: its methods may do anything, and loops that
 * meet several classes are slow. Throws TypeError for another precision, or what is no such array at all.
 */
export function ownView(array: FloatArray, role: string, precision: Precision): FloatArray {
  if (ArrayBuffer.isView(array) && isOwn(array, precision.Kind.prototype)) return array
  const given = requireFloatArray(array, role)
  if (given === precision) {
    if (isDetached(array)) refuseDetached(role)
    return new precision.Kind(array.buffer, array.byteOffset, array.length)
  }
  throw new TypeError(
    `${role} is a ${given.name} and variable a ${precision.name}; all arrays of a call have one precision`,
  )
}

/** Throws RangeError unless two arrays have one length, and TypeError where they share memory; says which. */
export function requirePair(one: FloatArray, role: string, other: FloatArray, otherRole: string): void {
  if (one.length !== other.length) refuseLength(one, role, other, otherRole)
  refuseOverlap(one, role, other, otherRole)
}

function refuseLength(one: FloatArray, role: string, other: FloatArray, otherRole: string): never {
  const detached = isDetached(one) ? role : isDetached(other) ? otherRole : undefined
  if (detached !== undefined) refuseDetached(detached)
  throw new RangeError(`${otherRole} has length ${other.length}; expected ${one.length}, the length of ${role}`)
}

/** Throws RangeError for an array whose memory is gone. */
export function refuseDetached(role: string): never {
  throw new RangeError(
    `${role} is detached: its memory was transferred, to another thread perhaps; transfer a copy instead`,
  )
}

/** Whether an array's memory is gone. */
export function isDetached({ buffer }: FloatArray): boolean {
  try {
    new Uint8Array(buffer)
    return false
  } catch {
    return true
  }
}

/** Throws TypeError where two arrays are one, or views of the same bytes. */
export function refuseOverlap(one: ArrayBufferView, role: string, other: ArrayBufferView, otherRole: string): void {
  if (overlap(one, other)) {
    throw new TypeError(`${role} and ${otherRole} share memory; each needs an array of its own`)
  }
}

/** Whether two arrays are views of the same bytes, in part at least. */
function overlap(one: ArrayBufferView, other: ArrayBufferView): boolean {
  if (bufferOf(one) !== bufferOf(other)) return false
  return one.byteOffset < other.byteOffset + other.byteLength && other.byteOffset < one.byteOffset + one.byteLength
}
