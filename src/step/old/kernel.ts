import type { FloatArray } from '../types.ts'
import type { Accumulation } from './engine.ts'
import type { Hyperparameters } from './hyperparameters.ts'

/**
 * The loops of a step over a run of coordinates: `length` of them, from `start` in the variable and the accumulator and
 * from `gradientStart` in the gradient. A kernel checks nothing but what its first pass says; it allocates nothing.
 *
 * Two kernels of one precision give the same bits: each operation of the type is rounded on its own and in the order
 * written here, and a fast test may send any coordinate to the careful functions of coordinate.ts, whose word is final,
 * but may settle a coordinate itself only where they would say the same.
 */
export interface Kernel<Array extends FloatArray> {
  /**
   * First pass, reads only: the smaller of `factor` and the smallest clipping factor of the run. NaN if a coordinate is
   * not finite or has a + ε < 0. With `standard`, the accumulator that preconditions is a + g².
   */
  smallestFactor(
    variable: Array,
    accumulator: Array,
    gradient: Array,
    start: number,
    gradientStart: number,
    length: number,
    factor: number,
    standard: boolean,
    h: Hyperparameters,
  ): number

  /**
   * Second pass: w ← w − factor · lr · g / √(a + ε), each coordinate stopped at its bound, and what `accumulation` says
   * of the accumulator. Everything has been checked.
   */
  update(
    variable: Array,
    accumulator: Array,
    gradient: Array,
    start: number,
    gradientStart: number,
    length: number,
    factor: number,
    accumulation: Accumulation,
    h: Hyperparameters,
  ): void

  /** a ← a + (factor · g)², stopped at the largest finite number. */
  addSquares(
    accumulator: Array,
    gradient: Array,
    start: number,
    gradientStart: number,
    length: number,
    factor: number,
  ): void

  /** lr · factor as the second pass applies it. */
  appliedRate(learningRate: number, factor: number): number

  /** ε as the kernel adds it; NaN where it has to leave every coordinate to the careful functions. */
  addedEpsilon(epsilon: number): number
}
