/** The textbook step that a user would write by hand: two passes in double, no checks, no exact bound. */
export function naiveStep(
  variable: Float32Array,
  accumulator: Float32Array,
  gradient: Float32Array,
  learningRate: number,
): number {
  let factor = 1
  for (let i = 0; i < variable.length; i++) {
    const change = Math.abs((learningRate * gradient[i]) / Math.sqrt(accumulator[i] + 1e-7))
    if (change > 0) factor = Math.min(factor, (0.1 * Math.abs(variable[i]) + 1e-7) / change)
  }
  for (let i = 0; i < variable.length; i++) {
    variable[i] -= (factor * learningRate * gradient[i]) / Math.sqrt(accumulator[i] + 1e-7)
    accumulator[i] += gradient[i] * gradient[i]
  }
  return factor
}
