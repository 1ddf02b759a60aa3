import { coordinateBound } from './coordinate.ts'
import { pairOf, refuseOverlap, requireFloatArray, requireSameLength } from './operands.ts'
import { hyperparameters } from './options.ts'
import { float64 } from './precision.ts'
import { requireFiniteAt, requireSumOfSquares } from './refusal.ts'
import type { FloatArray, SamePrecision, StepOptions } from './types.ts'

/**
 * The furthest that a step may move each coordinate:
 * |w| · variableRelativeThreshold + accumulatorRelativeThreshold / √(a + ε) + absoluteThreshold.
 *
 * Each bound is at most the real one, by a few ulps of a double, and no step ever moves a coordinate further. It takes
 * `accumulator` as the step preconditions with it: after its update in standard mode.
 * Source: the right-hand side of the clipping condition in Algorithm 1 of arXiv 2302.09178.
 *
 * @param variable - w, any length; read only.
 * @param accumulator - a, as long as `variable` and of its precision; read only.
 * @param options - the hyperparameters; the learning rate and the modes have no effect.
 * @param out - where to write, as long as `variable`; made when absent.
 * @returns `out`: doubles, for float32 variables too; at most the largest double, or Infinity with clipping off.
 * @throws as `step`.
 */
export function clippingBound<Values extends FloatArray>(
  variable: Values,
  accumulator: SamePrecision<Values>,
  options?: StepOptions,
  out?: Float64Array,
): Float64Array {
  const h = hyperparameters(options, requireFloatArray(variable, 'variable'))
  const [w, a] = pairOf(variable, accumulator, h.precision)
  const bounds = out ?? new Float64Array(variable.length)
  const target = { role: 'out', array: bounds }
  if (requireFloatArray(bounds, 'out') !== float64) {
    throw new TypeError('out is a Float32Array; expected a Float64Array, because bounds are doubles')
  }
  requireSameLength(w, target)
  refuseOverlap(w, target)
  refuseOverlap(a, target)
  for (let i = 0; i < bounds.length; i++) {
    requireFiniteAt(w.array, i, 'variable')
    requireFiniteAt(a.array, i, 'accumulator')
    requireSumOfSquares(a.array[i], i, h.epsilon)
  }
  for (let i = 0; i < bounds.length; i++) bounds[i] = coordinateBound(w.array[i], a.array[i], h)
  return bounds
}
