import { type Kind, kindOf } from './typed-array.ts'
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
  readonly smallest: number
  /** Half the distance from 1 to the next number. */
  readonly unit: number
  /** The engine's own class. */
  readonly Kind: Kind<FloatArray>
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
  smallest: 2 ** -149,
  unit: 2 ** -24,
  Kind: Float32Array,
  shave: 7 * 2 ** -23,
}

export const float64: Precision = {
  name: 'Float64Array',
  bytes: 8,
  round: (x) => x,
  largest: Number.MAX_VALUE,
  smallestNormal: 2 ** -1022,
  smallest: 2 ** -1074,
  unit: 2 ** -53,
  Kind: Float64Array,
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

/** The neighbour of `x` on the way to `target`; `x` itself where they are equal. Both are finite numbers of the type. */
export function nextToward(x: number, target: number, precision: Precision): number {
  if (x === target) return x
  const sign = Math.sign(x) || Math.sign(target)
  const outward = (target - x) * sign > 0 ? 1 : -1
  return sign * nextSize(Math.abs(x), outward, precision)
}

function nextSize(size: number, outward: number, { round, smallest, smallestNormal, unit }: Precision): number {
  // Down here all are equally far apart.
  if (size < 2 * smallestNormal) return size + outward * smallest
  // A double this small would lose digits of what is added to it.
  if (size < 2 ** -900) return nextSize(size * 2 ** 200, outward, float64) * 2 ** -200
  // What is added is between a half and one and a half of the distance to the neighbour, to which the sum is rounded.
  return round(size + outward * size * unit * (1 + 2 ** -20))
}
