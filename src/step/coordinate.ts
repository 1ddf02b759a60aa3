/**
 * One coordinate of a step, decided with care instead of speed. The loops leave to these functions what their own tests
 * do not settle; everything is worked out in double, and in `Scaled` numbers where a double would overflow or underflow.
 *
 * The symbols are the paper's: w the variable, a the accumulator, g the gradient, q = a + ε, Δ = lr · g / √q.
 */
import type { Hyperparameters } from './hyperparameters.ts'
import { BOUND_SHAVE, nextToward } from './precision.ts'
import { isGreater, product, quotient, type Scaled, scaled, squareRoot, sum, toNumber } from './scaled.ts'

/** What the bound check leaves for the rounding of the difference w′ − w itself. */
const CHECK_MARGIN = 1 - 2 ** -52

/**
 * min(1, bound / |Δ|), worked out with thresholds lowered by the precision's shave; 1 where Δ is 0. NaN where w, a or g
 * is not finite or a + ε < 0.
 */
export function coordinateFactor(w: number, a: number, g: number, h: Hyperparameters): number {
  const { relative, accumulatorRelative, absolute } = h.forFactor
  const q = a + h.epsilon
  // bound / |Δ| with both sides multiplied by √q, so that one division does.
  const part = Math.abs(w) * relative + absolute
  const bound = part * Math.sqrt(Math.max(q, h.precision.smallestNormal)) + accumulatorRelative
  const change = h.learningRate * Math.abs(g)
  const isPlain = isMiddling(part) && isMiddling(bound) && isMiddling(change) && q >= 0
  if (isPlain && h.normal && h.clips) return Math.min(1, bound / change)
  if (w - w + (a - a) + (g - g) !== 0 || q < 0) return NaN
  if (g === 0 || h.learningRate === 0 || !h.clips) return 1
  if (part === 0 && accumulatorRelative === 0 && (w === 0 || relative === 0)) return 0
  const root = squareRoot(preconditioner(a, h))
  const scaledBound = sum(product(flatBound(w, h), root), scaled(h.thresholds.accumulatorRelative))
  const loweredBound = product(scaledBound, scaled(1 - h.precision.shave))
  return Math.min(1, toNumber(quotient(loweredBound, product(scaled(h.learningRate), scaled(Math.abs(g))))))
}

/**
 * Between 2^-500 and 2^500: a product or quotient of two such numbers is a normal double, and what underflows beside them is
 * less than their rounding error.
 */
export function isMiddling(x: number): boolean {
  return x >= 2 ** -500 && x <= 2 ** 500
}

/**
 * The bound of a coordinate: at most the real |w| · relative + accumulatorRelative / √q + absolute, and less by no more
 * than a few ulps. At most the largest double; Infinity only where clipping is off.
 */
export function coordinateBound(w: number, a: number, h: Hyperparameters): number {
  if (!h.clips) return Infinity
  const { relative, accumulatorRelative, absolute } = h.forBound
  const q = Math.max(a + h.epsilon, h.precision.smallestNormal)
  let bound = Math.abs(w) * relative + absolute
  if (accumulatorRelative > 0) bound += accumulatorRelative / Math.sqrt(q)
  if (h.normal && isMiddling(bound) && q <= 2 ** 500) return bound
  const isZero = bound === 0 && accumulatorRelative === 0 && (w === 0 || relative === 0)
  return isZero ? 0 : scaledBound(w, a, h)
}

/**
 * The value that a coordinate ends on: `proposal`, w − factor · Δ as the loops round it, or, where that is not finite or
 * further from w than the bound, the bound itself, rounded toward w. A proposal of NaN means that the loops could not work
 * it out without overflow. What is not finite itself, against every check, does not move w.
 */
export function stoppedAtBound(
  w: number,
  a: number,
  g: number,
  factor: number,
  proposal: number,
  h: Hyperparameters,
): number {
  const furthest = coordinateBound(w, a, h) * CHECK_MARGIN
  if (Number.isFinite(proposal) && Math.abs(proposal - w) <= furthest) return proposal
  const { round, largest } = h.precision
  const move = Math.min(scaledMove(a, g, factor, h), furthest)
  let next = Math.min(Math.max(round(g > 0 ? w - move : w + move), -largest), largest)
  while (Math.abs(next - w) > furthest) next = nextToward(next, w, h.precision)
  return Number.isFinite(next) ? next : w
}

/** |Δ| and the bound of a coordinate with a + ε ≥ 0, which no double need hold. */
export function scaledMoveAndBound(
  w: number,
  a: number,
  g: number,
  h: Hyperparameters,
): { readonly move: Scaled; readonly bound: Scaled } {
  const root = squareRoot(preconditioner(a, h))
  const move = quotient(product(scaled(h.learningRate), scaled(Math.abs(g))), root)
  return { move, bound: sum(flatBound(w, h), quotient(scaled(h.thresholds.accumulatorRelative), root)) }
}

/** `coordinateBound` where a double overflows or loses digits to subnormal numbers on the way. */
function scaledBound(w: number, a: number, h: Hyperparameters): number {
  const fromAccumulator = quotient(scaled(h.thresholds.accumulatorRelative), squareRoot(preconditioner(a, h)))
  const bound = product(sum(flatBound(w, h), fromAccumulator), scaled(1 - BOUND_SHAVE))
  const rounded = Math.min(toNumber(bound), Number.MAX_VALUE)
  // Rounding to a subnormal number is coarse and may have gone up.
  if (rounded < 2 ** -1022 && isGreater(scaled(rounded), bound)) return rounded - Number.MIN_VALUE
  return rounded
}

/** |w| · relative + absolute, with the thresholds as given. */
function flatBound(w: number, h: Hyperparameters): Scaled {
  const { relative, absolute } = h.thresholds
  return sum(product(scaled(Math.abs(w)), scaled(relative)), scaled(absolute))
}

/** q = a + ε, at least the smallest normal number of the precision. */
function preconditioner(a: number, h: Hyperparameters): Scaled {
  // Where a is negative the sum cannot overflow, and one rounding is exact enough. Another thread may have brought it below zero
  // since it was checked.
  const q = a < 0 ? scaled(Math.max(a + h.epsilon, 0)) : sum(scaled(a), scaled(h.epsilon))
  const floor = scaled(h.precision.smallestNormal)
  return isGreater(floor, q) ? floor : q
}

/** factor · |Δ|; Infinity where a double cannot hold it. */
function scaledMove(a: number, g: number, factor: number, h: Hyperparameters): number {
  const rate = product(scaled(h.learningRate), scaled(factor))
  return toNumber(quotient(product(rate, scaled(Math.abs(g))), squareRoot(preconditioner(a, h))))
}
