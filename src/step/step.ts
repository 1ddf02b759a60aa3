/**
 * Algorithm 1 of "Improving Training Stability for Multitask Ranking Models in Recommender Systems" (KDD 2023, arXiv
 * 2302.09178): Adagrad with Clippy's adaptive clipping.
 *
 *     paper   here                                what it is
 *     w       variable                            the weights of one layer, table or bias
 *     G       accumulator                         sums of squared gradients; `a` in the inner loops
 *     g       gradient
 *     η       learningRate                        the learning rate
 *     λ_rel   variableRelativeThreshold           share of |w| that a step may move it
 *     λ_abs   absoluteThreshold                   what it may move any coordinate
 *     σ       factor                              the clipping factor, one for the whole variable
 *     Δ       η · g / √(a + ε)                    what plain Adagrad would take off w
 *     bound   λ_rel · |w| + accumulatorRelativeThreshold / √(a + ε) + λ_abs
 *
 * Numbers are rounded by the loops (loops/) and, where that takes care, by coordinate.ts.
 */
import { within } from '../shared/check.ts'
import { type Blocks, blocksOf } from './blocks.ts'
import type { Hyperparameters } from './hyperparameters.ts'
import { smallestFactorOf, squareAll, updateBlock, updateInMode } from './loops/driver.ts'
import { coordinateOf, type Operands, operandsOf, ownView, requireFloatArray, touchedBy } from './operands.ts'
import { hyperparameters } from './options.ts'
import { refuse, refuseNonFiniteGradient, requireFiniteAt } from './refusal.ts'
import { shortStep } from './short.ts'
import type { FloatArray, SamePrecision, SparseGradient, StepOptions } from './types.ts'

/**
 * Takes one step on raw arrays, in place: moves `variable` against `gradient`, no coordinate further than its bound, and adds
 * the squared gradient to `accumulator`. Returns the factor by which clipping has shrunk the step.
 *
 *     Δ      = lr · g / √(a + ε)
 *     bound  = |w| · variableRelativeThreshold
 *            + accumulatorRelativeThreshold / √(a + ε)
 *            + absoluteThreshold
 *     factor = min(1, min over i with Δᵢ ≠ 0 of boundᵢ / |Δᵢ|)
 *     w      ← w − factor · Δ
 *     a      ← a + g²
 *
 * With clipAccumulatorUpdate, factor · g is squared; in standard mode, the accumulator's update comes first.
 * No coordinate of `variable` moves further than its bound, exactly; finite arrays stay finite.
 * Source: Algorithm 1 of arXiv 2302.09178; `update_step` of the reference.
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
 * const gradient = Float32Array.of(0.5, 1)
 * const options = { learningRate: 0.1, absoluteThreshold: 0.01 }
 * const factor = step(weights, accumulator, gradient, options)
 * ```
 */
export function step<Values extends FloatArray>(
  variable: Values,
  accumulator: SamePrecision<Values>,
  gradient: SamePrecision<Values> | SparseGradient,
  options?: StepOptions,
): number {
  const h = hyperparameters(options, requireFloatArray(variable, 'variable'))
  // What follows, in fewer calls.
  const done = shortStep(variable, accumulator, gradient, h)
  if (done !== undefined) return done
  const operands = operandsOf(variable, accumulator, gradient, h.precision)
  const blocks = blocksOf(operands)
  // σ ← min(1, minᵢ boundᵢ / |Δᵢ|); reads only
  const factor = smallestOf(blocks, h.useStandardAccumulatorUpdate, h)
  if (Number.isNaN(factor)) refuse(operands, h)
  // w ← w − σ · Δ and a ← a + g²
  updateBlocks(blocks, factor, h)
  return factor
}

/**
 * Works out the factor in [0, 1] that a step on these arrays has to shrink its moves by, so that no coordinate passes its
 * bound; reads only.
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
 *
 * @example
 * ```js
 * // One step in parts: what `step` does in its default mode.
 * const factor = clippingFactor(weights, accumulator, gradient, options)
 * updateVariable(weights, accumulator, gradient, factor, options)
 * updateAccumulator(accumulator, gradient)
 * ```
 */
export function clippingFactor<Values extends FloatArray>(
  variable: Values,
  accumulator: SamePrecision<Values>,
  gradient: SamePrecision<Values> | SparseGradient,
  options?: StepOptions,
): number {
  const h = hyperparameters(options, requireFloatArray(variable, 'variable'))
  return checkedFactor(operandsOf(variable, accumulator, gradient, h.precision), h)
}

/** The clipping factor with the accumulator as it is. Throws RangeError where a coordinate is not sound. */
function checkedFactor(operands: Operands, h: Hyperparameters): number {
  const factor = smallestOf(blocksOf(operands), false, h)
  if (Number.isNaN(factor)) refuse(operands, h, false)
  return factor
}

/**
 * Moves `variable` by the given factor of Adagrad's step, in place, each coordinate at most up to its bound:
 * w ← w − factor · lr · g / √(a + ε). It preconditions with `accumulator` as it is, in standard mode too.
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
export function updateVariable<Values extends FloatArray>(
  variable: Values,
  accumulator: SamePrecision<Values>,
  gradient: SamePrecision<Values> | SparseGradient,
  factor: number,
  options?: StepOptions,
): void {
  const h = hyperparameters(options, requireFloatArray(variable, 'variable'))
  const checked = within(factor, 0, 1, 'factor')
  const operands = operandsOf(variable, accumulator, gradient, h.precision)
  // For its checks alone: the factor to use is the caller's.
  checkedFactor(operands, h)
  const blocks = blocksOf(operands)
  for (let k = 0; k < blocks.count; k++) {
    updateBlock(blocks.at(k), checked, false, h)
    blocks.putBack(k, false)
  }
}

/**
 * Adds the squared gradient to `accumulator`, in place: a ← a + (factor · g)². A square or sum that is too large stops at
 * the largest finite number of the type.
 * The last line of {@link step}, and its first in standard mode.
 *
 * Source: Algorithm 1 of arXiv 2302.09178; in the reference, part of `update_step`.
 *
 * @param accumulator - a, any length; updated in place: all of it, or the rows of a sparse gradient.
 * @param gradient - g, dense and as long as `accumulator`, or some rows of it; of its precision; read only.
 * @param factor - 1 in delayed and standard mode, the clipping factor with a clipped accumulator update; in [0, 1].
 * @throws TypeError or RangeError as `step`; nothing has changed then.
 */
export function updateAccumulator<Values extends FloatArray>(
  accumulator: Values,
  gradient: SamePrecision<Values> | SparseGradient,
  factor = 1,
): void {
  const precision = requireFloatArray(accumulator, 'accumulator')
  const checked = within(factor, 0, 1, 'factor')
  const a = ownView(accumulator, 'accumulator', precision)
  const touched = touchedBy(gradient, a, 'accumulator', precision)
  refuseNonFiniteGradient(touched)
  const { gradient: g, rows } = touched
  for (let j = 0; j < g.length; j++) requireFiniteAt(a, coordinateOf(j, touched), 'accumulator')
  if (rows === undefined) {
    squareAll(a, g, checked, precision)
  } else {
    const sums = new precision.Kind(g.length)
    for (let j = 0; j < g.length; j++) sums[j] = a[coordinateOf(j, touched)]
    squareAll(sums, g, checked, precision)
    for (let j = 0; j < g.length; j++) a[coordinateOf(j, touched)] = sums[j]
  }
}

/** First half of a step, for the optimizer: the clipping factor; NaN where the step has to be refused. Reads only. */
export function smallestFactor(operands: Operands, h: Hyperparameters): number {
  return smallestOf(blocksOf(operands), h.useStandardAccumulatorUpdate, h)
}

/** Second half: moves the variable and updates the accumulator, with any factor in [0, 1]. */
export function update(operands: Operands, factor: number, h: Hyperparameters): void {
  updateBlocks(blocksOf(operands), factor, h)
}

/** σ ← min(1, minᵢ boundᵢ / |Δᵢ|) over all blocks; NaN where a coordinate is not sound. */
function smallestOf(blocks: Blocks, standard: boolean, h: Hyperparameters): number {
  let factor = 1
  for (let k = 0; k < blocks.count && !Number.isNaN(factor); k++) {
    factor = smallestFactorOf(blocks.at(k), factor, standard, h)
  }
  return factor
}

/** w ← w − σ · Δ, and the accumulator's update, over all blocks. */
function updateBlocks(blocks: Blocks, factor: number, h: Hyperparameters): void {
  for (let k = 0; k < blocks.count; k++) {
    updateInMode(blocks.at(k), factor, h)
    blocks.putBack(k, true)
  }
}
