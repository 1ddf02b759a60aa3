/** The first pass's test in double, for scalar kernels of either precision. */

// Squares below TINY may have lost digits to subnormal numbers; its root stands in for anything smaller.
const TINY = 2 ** -900
const TINY_ROOT = 2 ** -450
// More than the rounding errors of both sides of the test together.
const MARGIN = 1 + 2 ** -48
const SMALLEST_RATE = 2 ** -1000

/**
 * Whether a coordinate's factor is certainly not below the one that `rate` was made from: factor · |Δ| < bound, multiplied
 * by √q and squared, so that it takes no root and no division. What is NaN or infinite, or has q ≤ 0, fails.
 */
export function isAbove(
  w: number,
  q: number,
  g: number,
  rate: number,
  relative: number,
  accumulatorRelative: number,
  absolute: number,
): boolean {
  const flat = Math.abs(w) * relative + absolute
  const squared = flat * flat
  const over = Math.max(rate * Math.abs(g) - accumulatorRelative, TINY_ROOT)
  const right = squared * q
  return over * over < right && right <= Number.MAX_VALUE && squared >= TINY
}

/** A rate somewhat above lr · factor: what passes the test with it has no smaller factor. */
export function testedRate(learningRate: number, factor: number): number {
  if (learningRate === 0 || factor === 0) return 0
  return Math.max(learningRate * factor * MARGIN, SMALLEST_RATE)
}
