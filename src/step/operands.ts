import { describe } from '../shared/check.ts'
import { type Precision, precisionOf } from './precision.ts'
import { isSparse, requireRowIndices, rowsOf } from './rows.ts'
import type { FloatArray, Gradient } from './types.ts'

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
  const [w, a] = pairOf(variable, accumulator, precision)
  const { gradient: values, rows, width, given } = touchedBy(gradient, precision, w, a)
  return { precision, variable: w.array, accumulator: a.array, gradient: values, rows, width, given }
}

/** A variable and its accumulator, which fit together. */
export function pairOf(variable: FloatArray, accumulator: FloatArray, precision: Precision): [Operand, Operand] {
  const w = { role: 'variable', array: requirePrecision(variable, 'variable', precision) }
  const a = { role: 'accumulator', array: requirePrecision(accumulator, 'accumulator', precision) }
  requireSameLength(w, a)
  refuseSharedMemory(w, a)
  return [w, a]
}

/** An array of a call, and what it is called there. */
export interface Operand {
  readonly role: string
  readonly array: FloatArray
}

/** What a gradient touches of `target`, checked against it and against another array of the call. */
export function touchedBy(gradient: Gradient, precision: Precision, target: Operand, other: Operand): Touched {
  if (ArrayBuffer.isView(gradient)) {
    const g = { role: 'gradient', array: requirePrecision(gradient, 'gradient', precision) }
    requireSameLength(target, g)
    refuseSharedMemory(target, g)
    refuseSharedMemory(other, g)
    return { gradient: g.array, rows: undefined, width: g.array.length, given: gradient }
  }
  if (!isSparse(gradient)) {
    throw new TypeError(`gradient is ${describe(gradient)}; expected a typed array or { indices, values }`)
  }
  requireRowIndices(gradient.indices)
  const values = requirePrecision(gradient.values, 'gradient.values', precision)
  for (const array of [target, other]) {
    refuseOverlap(array, { role: 'gradient.values', array: values })
    if (ArrayBuffer.isView(gradient.indices)) refuseOverlap(array, { role: 'gradient.indices', array: gradient.indices })
  }
  const { indices, values: sums, width } = rowsOf(gradient.indices, values, precision, target.array.length)
  return { gradient: sums, rows: indices, width, given: gradient }
}

/** Throws TypeError unless `array` is a Float32Array or Float64Array. */
export function requireFloatArray(array: unknown, role: string): Precision {
  const precision = precisionOf(array)
  if (precision !== undefined) return precision
  throw new TypeError(`${role} is ${describe(array)}; expected a Float32Array or Float64Array`)
}

/** The array itself, or a plain view of it where its class is not the engine's own. Throws TypeError for another kind. */
function requirePrecision(array: unknown, role: string, precision: Precision): FloatArray {
  const given = requireFloatArray(array, role)
  if (given === precision) return precision.plain(array as FloatArray)
  throw new TypeError(
    `${role} is a ${given.name} and variable a ${precision.name}; all arrays of a call have one precision`,
  )
}

/** Throws RangeError unless both arrays have one length. */
export function requireSameLength(one: Operand, other: Operand): void {
  if (one.array.length === other.array.length) return
  const detached = [one, other].find(({ array }) => isDetached(array))
  if (detached !== undefined) {
    throw new RangeError(
      `${detached.role} is detached: its memory was transferred to somebody else, such as another thread; pass a copy there, or make a new array`,
    )
  }
  throw new RangeError(
    `${other.role} has length ${other.array.length}; expected ${one.array.length}, the length of ${one.role}`,
  )
}

function isDetached({ buffer }: FloatArray): boolean {
  try {
    new Uint8Array(buffer)
    return false
  } catch {
    return true
  }
}

/** Throws TypeError where two arrays of one precision and length are one, or views of the same bytes. */
function refuseSharedMemory(one: Operand, other: Operand): void {
  if (couldOverlap(one.array, other.array)) refuseOverlap(one, other)
}

/**
 * Whether two arrays of one precision and length may be views of the same bytes. If they are, the first value of one is also
 * found in the other, where their offsets say: two different values there settle it without asking for the buffers, which
 * takes as long as a step on three coordinates.
 */
function couldOverlap(one: FloatArray, other: FloatArray): boolean {
  const distance = (one.byteOffset - other.byteOffset) / one.BYTES_PER_ELEMENT
  if (Math.abs(distance) >= one.length) return false
  const x = distance >= 0 ? one[0] : one[-distance]
  const y = distance >= 0 ? other[distance] : other[0]
  return !(x < y || x > y)
}

/** Throws TypeError where two arrays are one, or views of the same bytes. */
export function refuseOverlap(one: Operand, other: { readonly role: string; readonly array: ArrayBufferView }): void {
  if (overlap(one.array, other.array)) {
    throw new TypeError(`${one.role} and ${other.role} share memory; each needs an array of its own`)
  }
}

/** Whether two arrays are views of the same bytes, in part at least. */
export function overlap(one: ArrayBufferView, other: ArrayBufferView): boolean {
  if (one.buffer !== other.buffer) return false
  return one.byteOffset < other.byteOffset + other.byteLength && other.byteOffset < one.byteOffset + one.byteLength
}
