import { ROW_WIDTH, SETTINGS, type Settings } from '../problem.ts'
import { inPlaceState } from './array-state.ts'
import type { Contender } from './contender.ts'

/** The textbook step that a user would write by hand: two passes in double, no checks, no exact bound. */
export function loopStep(
  variable: Float32Array,
  accumulator: Float32Array,
  gradient: Float32Array,
  { learningRate, variableRelativeThreshold, absoluteThreshold, epsilon }: Settings,
): number {
  let factor = 1
  for (let i = 0; i < variable.length; i++) {
    const change = Math.abs((learningRate * gradient[i]) / Math.sqrt(accumulator[i] + epsilon))
    if (change > 0) {
      factor = Math.min(factor, (variableRelativeThreshold * Math.abs(variable[i]) + absoluteThreshold) / change)
    }
  }
  for (let i = 0; i < variable.length; i++) {
    variable[i] -= (factor * learningRate * gradient[i]) / Math.sqrt(accumulator[i] + epsilon)
    accumulator[i] += gradient[i] * gradient[i]
  }
  return factor
}

/** The same for rows of a table: repeated rows are summed in a Map first. */
export function loopSparseStep(
  variable: Float32Array,
  accumulator: Float32Array,
  indices: Int32Array,
  values: Float32Array,
  { learningRate, variableRelativeThreshold, absoluteThreshold, epsilon }: Settings,
): number {
  const sums = new Map<number, Float32Array>()
  for (let k = 0; k < indices.length; k++) {
    const sum = sums.get(indices[k])
    if (sum === undefined) sums.set(indices[k], values.slice(k * ROW_WIDTH, (k + 1) * ROW_WIDTH))
    else for (let c = 0; c < ROW_WIDTH; c++) sum[c] += values[k * ROW_WIDTH + c]
  }
  let factor = 1
  for (const [row, sum] of sums) {
    for (let c = 0; c < ROW_WIDTH; c++) {
      const i = row * ROW_WIDTH + c
      const change = Math.abs((learningRate * sum[c]) / Math.sqrt(accumulator[i] + epsilon))
      if (change > 0) {
        factor = Math.min(factor, (variableRelativeThreshold * Math.abs(variable[i]) + absoluteThreshold) / change)
      }
    }
  }
  for (const [row, sum] of sums) {
    for (let c = 0; c < ROW_WIDTH; c++) {
      const i = row * ROW_WIDTH + c
      variable[i] -= (factor * learningRate * sum[c]) / Math.sqrt(accumulator[i] + epsilon)
      accumulator[i] += sum[c] * sum[c]
    }
  }
  return factor
}

/** What a user would write without a library and with an eye to speed. */
export const plainLoop: Contender = {
  name: 'plain two-pass loop',
  formula: 'Clippy',
  settings: SETTINGS,
  prepare(problem) {
    const variable = problem.variable.slice()
    const accumulator = problem.accumulator.slice()
    const gradient = problem.gradient.slice()
    const indices = problem.indices?.slice()
    return {
      step() {
        if (indices === undefined) loopStep(variable, accumulator, gradient, SETTINGS)
        else loopSparseStep(variable, accumulator, indices, gradient, SETTINGS)
      },
      ...inPlaceState(problem, variable, accumulator),
    }
  },
}
