import type { FloatArray, Gradient, StepOptions } from '../types.ts'
import { hyperparameters, NO_OPTIONS } from './hyperparameters.ts'
import { requireFloatArray } from './operands.ts'
import { decideFactor, planStep, type StepPlan } from './plan.ts'

/**
 * One step of Adagrad with Clippy's adaptive clipping: Algorithm 1 of arXiv 2302.09178, `update_step` of the reference.
 *
 *     Δ      = lr · g / √(a + ε)
 *     bound  = |w| · variableRelativeThreshold + accumulatorRelativeThreshold / √(a + ε) + absoluteThreshold
 *     factor = min(1, min over i with Δᵢ ≠ 0 of boundᵢ / |Δᵢ|)          one factor for the whole variable
 *     w      ← w − factor · Δ
 *     a      ← a + g²              (factor · g squared with clipAccumulatorUpdate; before the rest in standard mode)
 *
 * No coordinate of `variable` moves further than its bound, exactly; finite arrays stay finite.
 *
 * @param variable - w, any length; updated in place.
 * @param accumulator - a, as long as `variable` and of its precision; updated in place. Start it at 0.1.
 * @param gradient - g, dense and as long as `variable`, or some rows of it; of its precision; read only.
 * @param options - the hyperparameters; those left out have the reference's defaults.
 * @returns the clipping factor, in [0, 1]; 1 where nothing was clipped or there is nothing to do.
 * @throws TypeError where an argument is of the wrong kind, precisions are mixed or two arrays share memory; RangeError
 * for a wrong length, row index or hyperparameter, for NaN or ±Infinity in an array, and for a + ε below zero. Nothing
 * has changed then.
 *
 * @example
 * ```js
 * const weights = Float32Array.of(1, -2)
 * const accumulator = new Float32Array(2).fill(0.1)
 * const factor = step(weights, accumulator, Float32Array.of(0.5, 1), { learningRate: 0.1 })
 * ```
 */
export function step(
  variable: FloatArray,
  accumulator: FloatArray,
  gradient: Gradient,
  options: StepOptions = NO_OPTIONS,
): number {
  const h = hyperparameters(options, requireFloatArray(variable, 'variable'))
  const plan = planStep(variable, accumulator, gradient, h)
  const factor = decideFactor(plan, h.useStandardAccumulatorUpdate)
  applyStep(plan, factor, true)
  return factor
}

/** The writing half of a step, once its factor is decided. `fresh`: nothing can have changed since that was. */
export function applyStep(plan: StepPlan, factor: number, fresh: boolean): void {
  const { clipAccumulatorUpdate, useStandardAccumulatorUpdate } = plan.h
  const delayed = clipAccumulatorUpdate ? 'clipped' : 'delayed'
  plan.engine.update(plan, factor, useStandardAccumulatorUpdate ? 'standard' : delayed, fresh)
}
