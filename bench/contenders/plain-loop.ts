import type { FloatArray } from 'clippy-adagrad'
import { type Problem, ROW_WIDTH, SETTINGS, type Settings } from '../problem.ts'
import { type Arrays, onArrays, ordinary } from './arrays.ts'
import type { Contender } from './contender.ts'

export const PLAIN_LOOP = 'plain loop'

/** The textbook step that a user would write by hand with an eye to speed: two passes, no checks, no exact bound. */
export function loopStep(
  { variable, accumulator }: Arrays,
  gradient: FloatArray,
  { learningRate, variableRelativeThreshold, absoluteThreshold, epsilon }: Settings,
): void {
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
}

/** The same for rows of a table: repeated rows are summed in a Map first. */
export function loopSparseStep(
  { variable, accumulator }: Arrays<Float32Array>,
  { indices, values }: { indices: Int32Array; values: Float32Array },
  { learningRate, variableRelativeThreshold, absoluteThreshold, epsilon }: Settings,
): void {
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
}

/** Everything is held against this. */
export function plainLoop(
  problem: Problem,
  precision: typeof Float32Array | typeof Float64Array = Float32Array,
): Contender {
  if (problem.spec.kind === 'dense') {
    const arrays: Arrays = ordinary<FloatArray>(problem, precision)
    const gradient = new precision(problem.gradient)
    return onArrays(PLAIN_LOOP, problem, arrays, [gradient], (given) => loopStep(arrays, given, SETTINGS))
  }
  const arrays = ordinary(problem, Float32Array)
  return onArrays(PLAIN_LOOP, problem, arrays, problem.batches, (batch) => loopSparseStep(arrays, batch, SETTINGS))
}
