import type { FloatArray } from '../types.ts'
import type { StepPlan, TouchedRuns } from './plan.ts'
import { coordinateOf, isSparse } from './sparse.ts'

/**
 * Throws the RangeError for the first coordinate that a step refuses, naming array, index and value. Called when a
 * kernel has said that there is one; the kernels themselves do not know names.
 */
export function refuseNonFinite(plan: StepPlan, standard: boolean): never {
  refuseNonFiniteGradient(plan)
  const { variable, accumulator, values, width, rows, h } = plan
  const { round } = h.precision
  for (let j = 0; j < values.length; j++) {
    const i = coordinateOf(j, rows, width)
    requireFiniteAt(variable, i, 'variable')
    requireFiniteAt(accumulator, i, 'accumulator')
    requireSumOfSquares(standard ? round(accumulator[i] + round(values[j] * values[j])) : accumulator[i], i, h.epsilon)
  }
  throw new Error('a kernel reported a coordinate that is not finite, but there is none; please report this')
}

/** Throws RangeError for a gradient value that is not finite, or for repeated rows whose sum is not. */
export function refuseNonFiniteGradient({ given, values, width, rows }: TouchedRuns): void {
  if (!isSparse(given)) {
    for (let j = 0; j < given.length; j++) requireFiniteAt(given, j, 'gradient')
    return
  }
  for (let j = 0; j < given.values.length; j++) requireFiniteAt(given.values, j, 'gradient.values')
  for (let j = 0; j < values.length; j++) {
    if (!Number.isFinite(values[j])) {
      const row = rows?.[Math.floor(j / width)]
      throw new RangeError(
        `the repeated rows ${row} of the gradient add up to ${values[j]} in column ${j % width}; expected a finite sum`,
      )
    }
  }
}

/** Throws RangeError unless the value at `index` is finite. */
export function requireFiniteAt(array: FloatArray, index: number, role: string): void {
  const value = array[index]
  if (value - value !== 0) throw new RangeError(`${role}[${index}] is ${value}; expected a finite number`)
}

/** Throws RangeError if what preconditions, an accumulator's value with `epsilon` added to it, is below zero. */
export function requireSumOfSquares(value: number, index: number, epsilon: number): void {
  if (value + epsilon < 0) {
    throw new RangeError(
      `accumulator[${index}] is ${value}, below zero even with epsilon added (${value + epsilon}); expected a sum of squares`,
    )
  }
}
