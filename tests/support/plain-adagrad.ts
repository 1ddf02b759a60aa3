import type { Case } from './case.ts'
import { limitsOf, precisionOf } from './precision.ts'

/** Adagrad without clipping, every operation rounded to the type, in the order that the package promises to keep. */
export function plainAdagrad({ variable, accumulator, gradient, options }: Case): void {
  const { round } = limitsOf(precisionOf(variable))
  const rate = round(options.learningRate)
  const epsilon = round(options.epsilon)
  const updated = accumulator.map((a, i) => a + round(gradient[i] * gradient[i]))
  const used = options.useStandardAccumulatorUpdate ? updated : accumulator
  for (let i = 0; i < variable.length; i++) {
    const root = round(Math.sqrt(round(used[i] + epsilon)))
    variable[i] = variable[i] - round(round(rate * gradient[i]) / root)
  }
  accumulator.set(updated)
}
