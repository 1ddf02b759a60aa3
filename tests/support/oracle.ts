import {
  add,
  compare,
  type Dyadic,
  dyadic,
  magnitude,
  multiply,
  quotient,
  squareRoot,
  subtract,
} from '../../src/testing/dyadic.ts'
import { type ExactThresholds, exactThresholds, sideOfBound } from '../../src/testing/exact-bound.ts'
import type { Options } from './case.ts'
import { nearest } from './nearest.ts'
import { type FloatArray, limitsOf, precisionOf } from './precision.ts'

/**
 * What the promises say beyond `boundViolation`, decided in the same exact arithmetic on the stored numbers and the given
 * options: the values of `clippingBound` and the clipping factor.
 */

/** `clippingBound` may be this much too small, relative: 1 − 2^−48 as (2^48 − 1) / 2^48. */
const CLOSE = { n: 2n ** 48n - 1n, e: -48 }

/** The thresholds times 1 − 2^−48, and with them the bound. */
function nearly(exact: ExactThresholds): ExactThresholds {
  return {
    relative: multiply(exact.relative, CLOSE),
    accumulatorRelative: multiply(exact.accumulatorRelative, CLOSE),
    absolute: exact.absolute === null ? null : multiply(exact.absolute, CLOSE),
    epsilon: exact.epsilon,
  }
}

/** a + ε. */
function denominatorSquared(accumulator: number, epsilon: Dyadic): Dyadic {
  const q = add(dyadic(accumulator), epsilon)
  if (q.n < 0n) throw new Error(`the oracle has no answer for a + ε < 0 (a = ${accumulator})`)
  return q
}

/** Has the coordinate moved further than this distance? */
export function exceedsDistance(before: number, after: number, distance: number): boolean {
  if (distance === Number.POSITIVE_INFINITY) return false
  return compare(magnitude(subtract(dyadic(after), dyadic(before))), dyadic(distance)) > 0
}

/** The check that a user would write, in double arithmetic. It knows no accumulator, so only for a threshold of 0 there. */
export function plainCheck(before: number, after: number, options: Options): boolean {
  const { variableRelativeThreshold, absoluteThreshold } = options
  return Math.abs(after - before) <= Math.abs(before) * variableRelativeThreshold + absoluteThreshold
}

/** Is this value of `clippingBound` above the real bound? */
export function boundTooHigh(value: number, before: number, accumulator: number, options: Options): boolean {
  const t = exactThresholds(options)
  const q = denominatorSquared(accumulator, t.epsilon)
  if (value !== Number.POSITIVE_INFINITY) return sideOfBound(dyadic(value), dyadic(before), q, t) > 0
  return t.absolute !== null && (t.accumulatorRelative.n === 0n || q.n !== 0n)
}

/**
 * Is this value of `clippingBound` more than 2^−48 below the bound, relative? As the design says, a + ε counts as at
 * least the smallest normal number of the type. Bounds below the normal doubles have no relative precision to speak of,
 * and those above all doubles cannot be reached.
 */
export function boundTooLow(
  value: number,
  before: number,
  accumulator: number,
  options: Options,
  smallestNormal: number,
): boolean {
  const highest = Number.MAX_VALUE * (1 - 2 ** -48)
  if (value >= highest) return false
  const exact = exactThresholds(options)
  if (exact.absolute === null) return true
  const q = atLeast(denominatorSquared(accumulator, exact.epsilon), dyadic(smallestNormal))
  const from = dyadic(before)
  if (sideOfBound(dyadic(2 ** -1022), from, q, exact) > 0) return false
  return sideOfBound(dyadic(value), from, q, nearly(exact)) < 0
}

/**
 * min(1, min over the coordinates with lr · g ≠ 0 of bound · √q / (lr · |g|)), q = a + ε or the smallest normal number
 * of the type if that is larger. The root and the quotient carry 256 bits, so the double returned is the nearest one.
 */
export function exactFactor(
  variable: FloatArray,
  accumulator: FloatArray,
  gradient: FloatArray,
  options: Options,
): number {
  return Math.min(1, exactRatio(variable, accumulator, gradient, options))
}

/** The same without the upper limit of 1; infinite where nothing holds the step back. */
export function exactRatio(
  variable: FloatArray,
  accumulator: FloatArray,
  gradient: FloatArray,
  options: Options,
): number {
  const t = exactThresholds(options)
  const { absolute } = t
  if (absolute === null) return Number.POSITIVE_INFINITY
  const smallest = dyadic(limitsOf(precisionOf(variable)).smallestNormal)
  const rate = dyadic(options.learningRate)
  let least: Dyadic | null = null
  for (let i = 0; i < variable.length; i++) {
    const wanted = multiply(rate, magnitude(dyadic(gradient[i])))
    if (wanted.n === 0n) continue
    const q = atLeast(denominatorSquared(accumulator[i], t.epsilon), smallest)
    // bound · √q = (|w| · relative + absolute) · √q + accumulatorRelative: one root, and only positive terms.
    const allowed = add(multiply(magnitude(dyadic(variable[i])), t.relative), absolute)
    const ratio = quotient(add(multiply(allowed, squareRoot(q)), t.accumulatorRelative), wanted)
    if (least === null || compare(ratio, least) < 0) least = ratio
  }
  return least === null ? Number.POSITIVE_INFINITY : nearest(least)
}

function atLeast(x: Dyadic, floor: Dyadic): Dyadic {
  return compare(x, floor) < 0 ? floor : x
}

/** Is the factor as close to the exact one as promised, and 0 only where it may be? */
export function factorIsRight(factor: number, exact: number, tolerance: number): boolean {
  const smallestNormal = 2 ** -1022
  if (!(factor >= 0 && factor <= 1)) return false
  if (exact === 0) return factor === 0
  if (exact < smallestNormal) return factor <= smallestNormal * (1 + tolerance)
  return Math.abs(factor - exact) <= exact * tolerance
}
