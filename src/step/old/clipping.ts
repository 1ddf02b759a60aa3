import type { FloatArray, Gradient, StepOptions } from '../types.ts'
import { coordinateBound } from './coordinate.ts'
import { requireFiniteAt, requireSumOfSquares } from './finite.ts'
import { hyperparameters, NO_OPTIONS } from './hyperparameters.ts'
import { refuseSharedMemory, requireFloatArray, requireSameKind, requireSameLength } from './operands.ts'
import { decideFactor, planStep } from './plan.ts'

/**
 * The factor by which a step has to shrink Δ so that no coordinate moves further than its bound; reads only.
 *
 * It preconditions with `accumulator` as it is, in standard mode too: there, call `updateAccumulator` first. Of a
 * variable that is kept in shards, the factor is the smallest of the shards' factors.
 * Source: Algorithm 1 of arXiv 2302.09178; in the reference, `shrink_by_references` on Δ.
 *
 * @param variable - w, any length.
 * @param accumulator - a, as long as `variable` and of its precision.
 * @param gradient - g, dense and as long as `variable`, or some rows of it: then the minimum is over those.
 * @param options - the hyperparameters; those left out have the reference's defaults.
 * @returns min(1, min over i with Δᵢ ≠ 0 of boundᵢ / |Δᵢ|), a double in [0, 1]. The thresholds are taken smaller by a
 * relative 2⁻²⁰ at most (float32; 2⁻⁴⁹ in float64), which leaves room for rounding. 0 only where a coordinate with a
 * gradient has a bound of 0, or the exact factor is below the smallest normal double.
 * @throws as `step`.
 */
export function clippingFactor(
  variable: FloatArray,
  accumulator: FloatArray,
  gradient: Gradient,
  options: StepOptions = NO_OPTIONS,
): number {
  const h = hyperparameters(options, requireFloatArray(variable, 'variable'))
  return decideFactor(planStep(variable, accumulator, gradient, h), false)
}

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
export function clippingBound(
  variable: FloatArray,
  accumulator: FloatArray,
  options: StepOptions = NO_OPTIONS,
  out?: Float64Array,
): Float64Array {
  const h = hyperparameters(options, requireFloatArray(variable, 'variable'))
  const w = { role: 'variable', array: variable }
  const a = { role: 'accumulator', array: accumulator }
  requireSameKind(w, a)
  requireSameLength(w, a)
  const bounds = out ?? new Float64Array(variable.length)
  const target = { role: 'out', array: bounds }
  if (requireFloatArray(bounds, 'out').name !== 'Float64Array') {
    throw new TypeError('out is a Float32Array; expected a Float64Array, because bounds are doubles')
  }
  requireSameLength(w, target)
  refuseSharedMemory(w, target)
  refuseSharedMemory(a, target)
  for (let i = 0; i < variable.length; i++) {
    requireFiniteAt(variable, i, 'variable')
    requireFiniteAt(accumulator, i, 'accumulator')
    requireSumOfSquares(accumulator[i], i, h.epsilon)
  }
  for (let i = 0; i < variable.length; i++) bounds[i] = coordinateBound(variable[i], accumulator[i], h)
  return bounds
}
