import {
  add,
  compare,
  type Dyadic,
  dyadic,
  magnitude,
  multiply,
  quotient,
  roundDown,
  sign,
  squareRoot,
  subtract,
} from './dyadic.ts'

/** The numbers that make a bound: |w| · variableRelativeThreshold + accumulatorRelativeThreshold / √(a + ε) + absoluteThreshold. */
export interface BoundNumbers {
  readonly variableRelativeThreshold: number
  readonly accumulatorRelativeThreshold: number
  readonly absoluteThreshold: number
  readonly epsilon: number
}

/** The same numbers, exact. `absolute` is null where it is infinite: then nothing is ever too far. */
export interface ExactThresholds {
  readonly relative: Dyadic
  readonly accumulatorRelative: Dyadic
  readonly absolute: Dyadic | null
  readonly epsilon: Dyadic
}

export function exactThresholds(numbers: BoundNumbers): ExactThresholds {
  const { absoluteThreshold } = numbers
  return {
    relative: dyadic(numbers.variableRelativeThreshold),
    accumulatorRelative: dyadic(numbers.accumulatorRelativeThreshold),
    absolute: absoluteThreshold === Number.POSITIVE_INFINITY ? null : dyadic(absoluteThreshold),
    epsilon: dyadic(numbers.epsilon),
  }
}

/**
 * The sign of distance − bound; q is a + ε, ≥ 0. No root is taken: where one stands in the inequality, both sides are
 * squared.
 */
export function sideOfBound(distance: Dyadic, before: Dyadic, q: Dyadic, t: ExactThresholds): -1 | 0 | 1 {
  if (t.absolute === null) return -1
  const rest = subtract(distance, add(multiply(magnitude(before), t.relative), t.absolute))
  if (t.accumulatorRelative.n === 0n) return sign(rest)
  // accumulatorRelative / √q is positive, and for q = 0 infinite: the squares below say so as well, 0 against r².
  if (rest.n <= 0n) return -1
  return compare(multiply(multiply(rest, rest), q), multiply(t.accumulatorRelative, t.accumulatorRelative))
}

/** A double that is not above the bound, and less than two ulps below it; `Infinity` only where the bound is infinite. */
export function boundRoundedDown(before: Dyadic, q: Dyadic, t: ExactThresholds): number {
  if (t.absolute === null) return Number.POSITIVE_INFINITY
  const flat = add(multiply(magnitude(before), t.relative), t.absolute)
  if (t.accumulatorRelative.n === 0n) return roundDown(flat)
  if (q.n === 0n) return Number.POSITIVE_INFINITY
  // √(r² / q) and not r / √q: a quotient and a root that are cut off are both too small, and so is the sum.
  const square = multiply(t.accumulatorRelative, t.accumulatorRelative)
  return roundDown(add(flat, squareRoot(quotient(square, q))))
}
