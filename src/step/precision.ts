import { kindOf } from './typed-array.ts'
import type { FloatArray } from './types.ts'

/** What the careful paths need to know of a floating-point type. */
export interface Precision {
  readonly name: 'Float32Array' | 'Float64Array'
  /** Of one number. */
  readonly bytes: 4 | 8
  /** The nearest number of the type; ±Infinity where it is out of range. */
  readonly round: (x: number) => number
  readonly largest: number
  readonly smallestNormal: number
  /** The neighbour of `x` on the way to `target`; `x` itself where they are equal. Both finite. */
  readonly nextToward: (x: number, target: number) => number
  /** A new array of the type. */
  readonly zeros: (length: number) => FloatArray
  /** An array of the type on a buffer. */
  readonly view: (buffer: ArrayBufferLike, byteOffset: number, length: number) => FloatArray
  /** Of the engine's own class. */
  readonly prototype: object
  /**
   * Relative amount by which the thresholds are lowered when the factor is worked out, so that the rounding of the
   * move (about 5 operations) and of the new variable seldom carries a coordinate over its bound.
   */
  readonly shave: number
}

/** How far the thresholds are lowered for a bound in double: more than its rounding errors together, relative. */
export const BOUND_SHAVE = 2 ** -50

/** Whether a double can lower this threshold by a few ulps. */
export function isPlain(threshold: number): boolean {
  return threshold === 0 || threshold >= 2 ** -960
}

export const float32: Precision = {
  name: 'Float32Array',
  bytes: 4,
  round: Math.fround,
  largest: (2 - 2 ** -23) * 2 ** 127,
  smallestNormal: 2 ** -126,
  nextToward: nextFloat32,
  zeros: (length) => new Float32Array(length),
  view: (buffer, byteOffset, length) => new Float32Array(buffer, byteOffset, length),
  prototype: Float32Array.prototype,
  shave: 7 * 2 ** -23,
}

export const float64: Precision = {
  name: 'Float64Array',
  bytes: 8,
  round: (x) => x,
  largest: Number.MAX_VALUE,
  smallestNormal: 2 ** -1022,
  nextToward: nextFloat64,
  zeros: (length) => new Float64Array(length),
  view: (buffer, byteOffset, length) => new Float64Array(buffer, byteOffset, length),
  prototype: Float64Array.prototype,
  shave: 14 * 2 ** -53,
}

/**
 * The precision of a typed array, or undefined for anything else. Arrays are told by what they are: those of a subclass or of
 * another realm (a frame, a vm context, a test runner's sandbox) count too.
 */
export function precisionOf(array: unknown): Precision | undefined {
  const kind = kindOf(array)
  if (kind === 'Float32Array') return float32
  return kind === 'Float64Array' ? float64 : undefined
}

/** One number seen as a float and as the integer of the same bits. */
interface BitViews {
  readonly single: Float32Array
  readonly singleBits: Int32Array
  readonly double: Float64Array
  readonly doubleBits: BigInt64Array
}

/**
 * Made at first use, since nothing happens at import, and kept: most clipped steps in float64 need it for one coordinate, and to
 * make it anew takes a tenth of a step on 64.
 */
let scratch: BitViews | undefined

function bitViews(): BitViews {
  if (scratch === undefined) {
    const buffer = new ArrayBuffer(8)
    scratch = {
      single: new Float32Array(buffer),
      singleBits: new Int32Array(buffer),
      double: new Float64Array(buffer),
      doubleBits: new BigInt64Array(buffer),
    }
  }
  return scratch
}

// The bits of a float, read as an integer, count up with its magnitude, for either sign.

function nextFloat32(x: number, target: number): number {
  if (x === target) return x
  if (x === 0) return target > 0 ? 2 ** -149 : -(2 ** -149)
  const { single, singleBits } = bitViews()
  single[0] = x
  singleBits[0] += x < target === x > 0 ? 1 : -1
  return single[0]
}

function nextFloat64(x: number, target: number): number {
  if (x === target) return x
  if (x === 0) return target > 0 ? Number.MIN_VALUE : -Number.MIN_VALUE
  const { double, doubleBits } = bitViews()
  double[0] = x
  doubleBits[0] += x < target === x > 0 ? 1n : -1n
  return double[0]
}
