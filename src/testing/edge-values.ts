import { limitsOf, type Precision } from './float.ts'

/** Numbers around the places where the arithmetic changes its nature: both zeros, the subnormals, the largest, powers of two. */
export function edges(precision: Precision): readonly number[] {
  const { largest, smallestNormal, smallest, round } = limitsOf(precision)
  return [
    0,
    -0,
    smallest,
    3 * smallest,
    smallestNormal - smallest,
    smallestNormal,
    smallestNormal + smallest,
    2 * smallestNormal,
    round(Math.sqrt(smallestNormal)),
    1e-30,
    1e-7,
    0.5,
    1,
    1 + 2 ** -23,
    1 - 2 ** -24,
    2,
    3,
    1e30,
    round(Math.sqrt(largest)),
    largest / 4,
    largest / 2,
    largest,
  ].map(round)
}

/** Thresholds and rates from nothing to more than a type can hold. */
export const relativeThresholds: readonly number[] = [
  0,
  5e-324,
  1e-310,
  1e-300,
  1e-45,
  1e-40,
  1e-20,
  1e-8,
  1e-6,
  1e-3,
  0.1,
  0.5,
  1,
  1.5,
  2,
  1e10,
  1e38,
  1e39,
  1e300,
  Number.MAX_VALUE,
]

export const accumulatorThresholds: readonly number[] = [
  0,
  5e-324,
  1e-300,
  1e-40,
  1e-7,
  1e-3,
  0.1,
  1,
  1e10,
  1e300,
  Number.MAX_VALUE,
]

export const absoluteThresholds: readonly number[] = [
  0,
  5e-324,
  1e-310,
  1e-300,
  1e-45,
  1e-40,
  1e-30,
  1e-7,
  1e-3,
  0.01,
  1,
  1e10,
  1e38,
  1e300,
  Number.MAX_VALUE,
  Number.POSITIVE_INFINITY,
]

export const learningRates: readonly number[] = [
  0,
  5e-324,
  1e-300,
  1e-40,
  1e-10,
  1e-3,
  0.1,
  1,
  30,
  1e10,
  1e38,
  1e39,
  1e300,
  Number.MAX_VALUE,
]

export const epsilons: readonly number[] = [0, 5e-324, 1e-300, 1e-40, 1e-30, 1e-7, 1, 1e30, 1e300]
