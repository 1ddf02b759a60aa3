import { isObject, readOptions } from '../shared/check.ts'
import { coordinateBound } from './coordinate.ts'
import { ownView, refuseOverlap, requireFloatArray, requirePair } from './operands.ts'
import { hyperparameters, OPTIMIZER_ONLY, requirePlain, STEP_OPTIONS } from './options.ts'
import { float64 } from './precision.ts'
import { requireFiniteAt, requireSumOfSquares } from './refusal.ts'
import type { FloatArray, SamePrecision, StepOptions } from './types.ts'

/**
 * Works out for each coordinate of `variable` the furthest that a step may move it; reads only.
 *
 *     bound = |w| · variableRelativeThreshold
 *           + accumulatorRelativeThreshold / √(a + ε)
 *           + absoluteThreshold
 *
 * Each bound is at most the real one, by a few ulps of a double, and no step ever moves a coordinate further. It takes
 * `accumulator` as the step preconditions with it: after its update in standard mode.
 * Source: the right-hand side of the clipping condition in Algorithm 1 of arXiv 2302.09178.
 *
 * @param variable - w, any length; read only.
 * @param accumulator - a, as long as `variable` and of its precision; read only.
 * @param options - the thresholds and epsilon, those left out with the reference's defaults; what else a step or an
 * optimizer's `getConfig()` has may be there too and has no effect.
 * @param out - where to write, as long as `variable`; made when absent.
 * @returns `out`: doubles, for float32 variables too; at most the largest double, or Infinity with clipping off.
 * @throws as `step`.
 *
 * @example
 * ```js
 * // Before the step:
 * const bounds = clippingBound(weights, accumulator, { absoluteThreshold: 0.01 })
 * ```
 */
export function clippingBound<Values extends FloatArray>(
  variable: Values,
  accumulator: SamePrecision<Values>,
  options: StepOptions | Readonly<Record<string, unknown>> = {},
  out?: Float64Array,
): Float64Array {
  const h = hyperparameters(boundOptions(options), requireFloatArray(variable, 'variable'))
  const w = ownView(variable, 'variable', h.precision)
  const a = ownView(accumulator, 'accumulator', h.precision)
  requirePair(w, 'variable', a, 'accumulator')
  const bounds = out === undefined ? new Float64Array(w.length) : requireRoom(out, w, a)
  for (let i = 0; i < bounds.length; i++) {
    requireFiniteAt(w, i, 'variable')
    requireFiniteAt(a, i, 'accumulator')
    requireSumOfSquares(a[i], i, h.epsilon)
  }
  for (let i = 0; i < bounds.length; i++) bounds[i] = coordinateBound(w[i], a[i], h)
  return bounds
}

function requireRoom(out: Float64Array, w: FloatArray, a: FloatArray): Float64Array {
  if (requireFloatArray(out, 'out') !== float64) {
    throw new TypeError('out is a Float32Array; expected a Float64Array, because bounds are doubles')
  }
  if (out.length !== w.length) {
    throw new RangeError(`out has length ${out.length}; expected ${w.length}, the length of variable`)
  }
  refuseOverlap(w, 'variable', out, 'out')
  refuseOverlap(a, 'accumulator', out, 'out')
  return out
}

/** Whether this is a schedule as a config holds it. */
function isScheduleConfig(rate: unknown): boolean {
  return isObject(rate) && 'className' in rate
}

/** What else an optimizer's config holds. */
const CONFIG_ONLY = [
  'weightDecay',
  'clipnorm',
  'clipvalue',
  'globalClipnorm',
  'useEma',
  'emaMomentum',
  'emaOverwriteFrequency',
  'nonFiniteGradients',
  'overrides',
] as const

function boundOptions(given: unknown): StepOptions {
  const known = [...STEP_OPTIONS, ...OPTIMIZER_ONLY, ...CONFIG_ONLY]
  const { overrides, ...config } = readOptions('clippingBound', requirePlain(given), known)
  if (overrides !== undefined) {
    throw new TypeError('clippingBound cannot tell whose overrides count; pass the thresholds of this variable instead')
  }
  const options: Record<string, unknown> = {}
  for (const name of STEP_OPTIONS) if (config[name] !== undefined) options[name] = config[name]
  // A schedule, and what stands for Infinity in JSON.
  if (isScheduleConfig(options.learningRate)) delete options.learningRate
  if (options.absoluteThreshold === 'Infinity') options.absoluteThreshold = Infinity
  return options
}
