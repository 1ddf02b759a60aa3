import { within } from '../../shared/check.ts'
import type { FloatArray, Gradient } from '../types.ts'
import { refuseNonFiniteGradient, requireFiniteAt } from './finite.ts'
import { requireFloatArray } from './operands.ts'
import { touchedRuns } from './plan.ts'
import { addSquares, kernelFor } from './scalar-engine.ts'
import { coordinateOf } from './sparse.ts'

/**
 * a ← a + (factor · g)², in place; a square or sum that is too large stops at the largest finite number of the type.
 * The last line of {@link step}, and its first in standard mode.
 *
 * Source: Algorithm 1 of arXiv 2302.09178; in the reference, part of `update_step`.
 *
 * @param accumulator - a, any length; updated in place: all of it, or the rows of a sparse gradient.
 * @param gradient - g, dense and as long as `accumulator`, or some rows of it; of its precision; read only.
 * @param factor - 1 in delayed and standard mode, the clipping factor with a clipped accumulator update; in [0, 1].
 * @throws TypeError or RangeError as `step`; nothing has changed then.
 */
export function updateAccumulator(accumulator: FloatArray, gradient: Gradient, factor = 1): void {
  const precision = requireFloatArray(accumulator, 'accumulator')
  within(factor, 0, 1, 'factor')
  const touched = touchedRuns(gradient, accumulator, 'accumulator')
  refuseNonFiniteGradient(touched)
  const { rows, width, values } = touched
  for (let j = 0; j < values.length; j++) {
    requireFiniteAt(accumulator, coordinateOf(j, rows, width), 'accumulator')
  }
  addSquares(kernelFor(precision), accumulator, touched, factor)
}
