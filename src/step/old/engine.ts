import type { StepPlan } from './plan.ts'

/** What an update does to the accumulator: nothing, a + (factor · g)² behind the move, or a + g² ahead of it. */
export type Accumulation = 'none' | 'delayed' | 'clipped' | 'standard'

/** The two passes of a step, over whatever its gradient touches. All engines give the same bits. */
export interface Engine {
  /**
   * First pass, reads only: the clipping factor of what the gradient touches; NaN if a coordinate is not finite or has
   * a + ε < 0. With `standard`, the accumulator that preconditions is a + g².
   */
  smallestFactor(plan: StepPlan, standard: boolean): number

  /**
   * Second pass: w ← w − factor · lr · g / √(a + ε), each coordinate stopped at its bound, and the accumulator's update.
   * Everything has been checked. `fresh` says that nothing can have changed since the first pass over this plan.
   */
  update(plan: StepPlan, factor: number, accumulation: Accumulation, fresh: boolean): void
}
