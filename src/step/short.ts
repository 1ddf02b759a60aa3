import { FEWEST_IN_PLACE, FEWEST_STAGED } from './blocks.ts'
import type { Hyperparameters } from './hyperparameters.ts'
import { smallestFactorOf, updateInMode } from './loops/driver.ts'
import { firstOf, padStage, stageFor } from './loops/stage.ts'
import { clearlyFit } from './operands.ts'
import type { FloatArray, Gradient } from './types.ts'

/**
 * The whole of a step on short dense arrays by the SIMD kernel; gives the factor. Undefined where it is for step.ts to take
 * the step or to refuse it: nothing has been written then.
 *
 * It does nothing that step.ts would not, but in one row. V8 inlines some 900 bytecodes into a function, and the calls that
 * are left over there take a fifth of a step on 16 coordinates, and a tenth on 256.
 */
export function shortStep(w: FloatArray, a: FloatArray, g: Gradient, h: Hyperparameters): number | undefined {
  const { precision } = h
  const { length } = w
  if (length < FEWEST_STAGED || length >= FEWEST_IN_PLACE) return undefined
  const stage = stageFor(precision)
  if (stage.inKernel === undefined) return undefined
  if (!ArrayBuffer.isView(g) || !clearlyFit(w, a, g, precision)) return undefined
  stage.variable.set(w)
  stage.accumulator.set(a)
  stage.gradient.set(g)
  stage.length = padStage(stage, length, precision)
  const factor = smallestFactorOf(stage, 1, h.useStandardAccumulatorUpdate, h)
  if (Number.isNaN(factor)) return undefined
  updateInMode(stage, factor, h)
  const moved = firstOf(stage, length)
  w.set(moved.variable)
  a.set(moved.accumulator)
  return factor
}
