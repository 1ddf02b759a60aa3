import { within } from '../../shared/check.ts'
import type { FloatArray, Gradient, StepOptions } from '../types.ts'
import { hyperparameters, NO_OPTIONS } from './hyperparameters.ts'
import { requireFloatArray } from './operands.ts'
import { decideFactor, planStep } from './plan.ts'

/**
 * w ← w − factor · lr · g / √(a + ε), in place. It preconditions with `accumulator` as it is, in standard mode too.
 *
 * Any factor in [0, 1] will do, not only that of `clippingFactor`: a coordinate that would pass its bound stops there.
 * The line of {@link step} that writes to w; the options of the modes have no effect.
 *
 * Source: Algorithm 1 of arXiv 2302.09178; in the reference, part of `update_step`.
 *
 * @param variable - w, any length; updated in place: all of it, or the rows of a sparse gradient.
 * @param accumulator - a, as long as `variable` and of its precision; read only.
 * @param gradient - g, dense and as long as `variable`, or some rows of it; of its precision; read only.
 * @param factor - what Δ is multiplied by; in [0, 1].
 * @param options - the hyperparameters; those left out have the reference's defaults.
 * @throws as `step`, and RangeError for a factor outside [0, 1]. Nothing has changed then.
 */
export function updateVariable(
  variable: FloatArray,
  accumulator: FloatArray,
  gradient: Gradient,
  factor: number,
  options: StepOptions = NO_OPTIONS,
): void {
  const h = hyperparameters(options, requireFloatArray(variable, 'variable'))
  within(factor, 0, 1, 'factor')
  const plan = planStep(variable, accumulator, gradient, h)
  // For its checks alone: the factor to use is the caller's.
  decideFactor(plan, false)
  plan.engine.update(plan, factor, 'none', true)
}
