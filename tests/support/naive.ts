import type { Case } from './case.ts'
import { limitsOf, precisionOf } from './precision.ts'

/**
 * The delayed update as the reference computes it, every operation rounded to the type, with no care for the bound. It is
 * here to be caught: a test that cannot fail proves nothing.
 */
export function naiveStep({ variable, accumulator, gradient, options }: Case): number {
  const { round } = limitsOf(precisionOf(variable))
  const relative = round(options.variableRelativeThreshold)
  const accumulatorRelative = round(options.accumulatorRelativeThreshold)
  const absolute = round(options.absoluteThreshold)
  const rate = round(options.learningRate)
  const epsilon = round(options.epsilon)
  const preconditioner = accumulator.map((a) => 1 / round(Math.sqrt(round(a + epsilon))))
  const delta = gradient.map((g, i) => round(rate * g) * preconditioner[i])
  let factor = 1
  for (let i = 0; i < variable.length; i++) {
    if (delta[i] === 0) continue
    const byVariable = round(Math.abs(variable[i]) * relative)
    const byAccumulator = round(preconditioner[i] * accumulatorRelative)
    const bound = round(round(byVariable + byAccumulator) + absolute)
    factor = Math.min(factor, round(bound / Math.abs(delta[i])))
  }
  for (let i = 0; i < variable.length; i++) {
    variable[i] = variable[i] - round(delta[i] * factor)
    accumulator[i] = accumulator[i] + round(gradient[i] * gradient[i])
  }
  return factor
}
