import { FEWEST_IN_PLACE, FEWEST_STAGED } from './blocks.ts'
import type { Hyperparameters } from './hyperparameters.ts'
import { updateBlock } from './loops/driver.ts'
import { preparedLoops } from './loops/kernel.ts'
import { firstOf, padStage, stageFor } from './loops/stage.ts'
import { clearlyFit } from './operands.ts'
import { float32 } from './precision.ts'
import type { FloatArray, Gradient } from './types.ts'

/**
 * The whole of a step on short dense arrays, in the default mode and by the SIMD kernel; gives the factor. Undefined where
 * anything about it takes care: nothing has been written then, and step.ts takes the step.
 *
 * It does nothing that step.ts would not, but in one row. V8 inlines some 900 bytecodes into a function, and the calls that
 * are left over there take a third of a step on 16 coordinates, and an eighth on 256.
 */
export function shortStep(w: FloatArray, a: FloatArray, g: Gradient, h: Hyperparameters): number | undefined {
  const { precision } = h
  const { length } = w
  if (length < FEWEST_STAGED || length >= FEWEST_IN_PLACE) return undefined
  if (h.useStandardAccumulatorUpdate || h.clipAccumulatorUpdate) return undefined
  const stage = stageFor(precision)
  if (stage.inKernel === undefined) return undefined
  if (!ArrayBuffer.isView(g) || !clearlyFit(w, a, g, precision)) return undefined
  const { kernel, variable, accumulator, gradient } = stage.inKernel
  stage.variable.set(w)
  stage.accumulator.set(a)
  stage.gradient.set(g)
  stage.length = padStage(stage, length, precision)
  const end = stage.length
  const loops = preparedLoops(kernel, h)
  // Four calls, and not two of one or the other function: V8 calls WebAssembly faster where it is always the same.
  const isSingle = precision === float32
  const factor = isSingle
    ? loops.factor32(variable, accumulator, gradient, 0, end, 1, false)
    : loops.factor64(variable, accumulator, gradient, 0, end, 1, false)
  if (!(factor >= 0)) return undefined
  const reached = isSingle
    ? loops.update32(variable, accumulator, gradient, 0, end, factor, true)
    : loops.update64(variable, accumulator, gradient, 0, end, factor, true)
  // What the kernel leaves is often the coordinate that the factor is of.
  if (reached < end) updateBlock(stage, factor, true, h, reached)
  const moved = firstOf(stage, length)
  w.set(moved.variable)
  a.set(moved.accumulator)
  return factor
}
