import { requireArrays } from './arrays.ts'
import { type BoundOptions, readBoundOptions } from './bound-options.ts'
import { add, dyadic, magnitude, roundUp, subtract } from './dyadic.ts'
import { boundRoundedDown, exactThresholds, sideOfBound } from './exact-bound.ts'
import type { FloatArray } from './float.ts'

/** A coordinate that a step moved too far. */
export interface BoundViolation {
  /** Its place in the arrays. */
  readonly index: number
  /** How far it moved, rounded up: always above `bound`, however small the excess. `Infinity` beyond the doubles. */
  readonly move: number
  /** How far it might have moved, rounded down. */
  readonly bound: number
}

/**
 * The first coordinate that moved further than its bound, or undefined if none did:
 *
 * |after − before| ≤ |before| · variableRelativeThreshold + accumulatorRelativeThreshold / √(accumulator + epsilon) + absoluteThreshold
 *
 * It is decided in exact arithmetic on the numbers in the arrays and the options as they are given, with no tolerance. A
 * coordinate with accumulator + epsilon = 0 has an infinite bound if accumulatorRelativeThreshold is above 0, and without
 * that term otherwise.
 *
 * - `before` is a copy of the weights made before the step: a step changes the array itself.
 * - `accumulator` is what the step divided by the root of: the one before the step, but in standard mode
 *   (useStandardAccumulatorUpdate) the one after it.
 * - The bound holds for the clipped update alone. Weight decay, averages that overwrite the weights and constraints move
 *   them further; leave them out where you check.
 *
 * `options` may also be what an optimizer's `getConfig()` gives: its other settings are not looked at. A name that no
 * optimizer of this package has is refused, and so are `overrides` of thresholds, since an array has no name.
 *
 * Throws TypeError for what is no Float32Array or Float64Array, mixed precisions or an unknown option, and RangeError for
 * unequal lengths, numbers that are not finite, a negative accumulator + epsilon, or `before` and `after` in one memory.
 */
export function boundViolation(
  before: FloatArray,
  after: FloatArray,
  accumulator: FloatArray,
  options?: BoundOptions | Readonly<Record<string, unknown>>,
): BoundViolation | undefined {
  const numbers = readBoundOptions(options)
  requireArrays({ before, after, accumulator })
  requirePositiveSums(accumulator, numbers.epsilon)
  const thresholds = exactThresholds(numbers)
  for (let index = 0; index < before.length; index++) {
    if (after[index] === before[index]) continue
    const from = dyadic(before[index])
    const distance = magnitude(subtract(dyadic(after[index]), from))
    const q = add(dyadic(accumulator[index]), thresholds.epsilon)
    if (sideOfBound(distance, from, q, thresholds) <= 0) continue
    return { index, move: roundUp(distance), bound: boundRoundedDown(from, q, thresholds) }
  }
  return undefined
}

function requirePositiveSums(accumulator: FloatArray, epsilon: number): void {
  // The sign of a sum of two doubles is always right.
  const index = accumulator.findIndex((a) => a + epsilon < 0)
  if (index < 0) return
  throw new RangeError(
    `accumulator[${index}] is ${accumulator[index]}, below −epsilon = ${-epsilon}, and has no square root; ` +
      'an accumulator sums squares: are accumulator and gradient swapped?',
  )
}
