import { limitsOf, moveByUlps, type Precision } from './float.ts'
import type { StepCaseOptions } from './settings.ts'

/**
 * A gradient with which the coordinate's Δ is about `share` of its bound, give or take some ulps: where all coordinates
 * share one such ratio, all of them end at their bound, and a single ulp too far shows. Infinite or NaN where no finite
 * gradient does that. Plain double arithmetic: being about right is enough.
 */
export function tightGradient(
  precision: Precision,
  variable: number,
  accumulator: number,
  options: StepCaseOptions,
  share: number,
  ulps: number,
): number {
  const q = Math.max(accumulator + options.epsilon, limitsOf(precision).smallestNormal)
  const bound =
    Math.abs(variable) * options.variableRelativeThreshold +
    options.accumulatorRelativeThreshold / Math.sqrt(q) +
    options.absoluteThreshold
  const wanted = (bound * share) / options.learningRate
  // In standard mode g stands under the root as well: lr · g / √(q + g²) = bound · share, solved for g.
  const gradient = options.useStandardAccumulatorUpdate
    ? wanted * Math.sqrt(q / (1 - wanted * wanted))
    : wanted * Math.sqrt(q)
  const rounded = limitsOf(precision).round(gradient)
  return Number.isFinite(rounded) ? moveByUlps(precision, rounded, ulps) : rounded
}
