import { within } from '../shared/check.ts'
import { hyperparameters, NO_OPTIONS } from './hyperparameters.ts'
import { requireFloatArray } from './operands.ts'
import { decideFactor, planStep } from './plan.ts'
import type { FloatArray, Gradient, StepOptions } from './types.ts'

/**
 * w ← w − factor · lr · g / √(a + ε), in place. It preconditions with `accumulator` as it is, in standard mode too.
 *
 * Any factor in [0, 1] will do, not only that of `clippingFactor`: a coordinate that would pass its bound stops there.
 *
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
