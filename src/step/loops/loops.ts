import type { Hyperparameters } from '../hyperparameters.ts'
import type { FloatArray } from '../types.ts'

/**
 * The portable loops over arrays of one precision, in the paper's symbols: w the variable, a the accumulator, g the gradient.
 *
 * A loop over [i, n) does nothing but arithmetic. It stops at the first coordinate that it may not settle itself and returns
 * where, n if there is none; driver.ts settles that one with coordinate.ts, and goes on behind it.
 */
export interface Loops<Values extends FloatArray> {
  /**
   * Up to the first coordinate whose factor may be below the one that `rate` was made from, or that is not sound: not
   * finite, or too close to overflow or underflow. The test is factor · |Δ| < bound with both sides multiplied by √q and
   * squared, so that it takes no root and no division:
   *
   *     (rate · g)² < (|w| · relative + absolute)² · q
   *
   * For the usual case: without an accumulator threshold, and with the accumulator as it is.
   */
  above(w: Values, a: Values, g: Values, i: number, n: number, rate: number, h: Hyperparameters): number

  /** The same with rate · |g| − accumulatorRelative on the left, and with a + g² for a where `squares` is 1, not 0. */
  aboveAny(
    w: Values,
    a: Values,
    g: Values,
    i: number,
    n: number,
    rate: number,
    squares: 0 | 1,
    h: Hyperparameters,
  ): number

  /** w ← w − factor · lr · g / √(a + ε), and a ← a + g² where it `accumulates`. */
  update(
    w: Values,
    a: Values,
    g: Values,
    i: number,
    n: number,
    factor: number,
    accumulates: boolean,
    h: Hyperparameters,
  ): number

  /** a ← a + (factor · g)² to the end, stopped at the largest finite number. */
  square(a: Values, g: Values, i: number, n: number, factor: number): void

  /** a + g² of one coordinate, stopped at the largest finite number; what is not finite stays so, for the caller to refuse. */
  squared(a: number, g: number): number

  /** What `update` would make of one w, rounded as it rounds; NaN where it could not be worked out without overflow. */
  proposal(w: number, a: number, g: number, factor: number, h: Hyperparameters): number
}
