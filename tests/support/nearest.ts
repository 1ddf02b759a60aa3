import { compare, type Dyadic, dyadic, roundDown, roundUp, subtract } from '../../src/testing/dyadic.ts'

/** The double nearest to x ≥ 0; `Infinity` above the largest. */
export function nearest(x: Dyadic): number {
  const low = roundDown(x)
  const high = roundUp(x)
  if (high === Number.POSITIVE_INFINITY) return high
  return compare(subtract(x, dyadic(low)), subtract(dyadic(high), x)) < 0 ? low : high
}
