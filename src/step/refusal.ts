import type { Hyperparameters } from './hyperparameters.ts'
import { coordinateOf, type Operands, refuseDetached, type Touched } from './operands.ts'
import { isSparse } from './rows.ts'
import type { FloatArray } from './types.ts'

/**
 * Throws the RangeError for the first coordinate that a step refuses, naming array, index and value. Called when the first
 * pass has said that there is one: the loops themselves do not know names.
 */
export function refuse(operands: Operands, h: Hyperparameters, standard = h.useStandardAccumulatorUpdate): never {
  refuseNonFiniteGradient(operands)
  const { variable, accumulator, gradient, precision } = operands
  const { round } = precision
  for (let j = 0; j < gradient.length; j++) {
    const i = coordinateOf(j, operands)
    requireFiniteAt(variable, i, 'variable')
    requireFiniteAt(accumulator, i, 'accumulator')
    const a = standard ? round(accumulator[i] + round(gradient[j] * gradient[j])) : accumulator[i]
    requireSumOfSquares(a, i, h.epsilon)
  }
  throw new Error('a step was refused, but all its coordinates are sound: its arrays were changed while it read them')
}

/** Throws RangeError for a gradient value that is not finite, or for repeated rows whose sum is not. */
export function refuseNonFiniteGradient({ given, gradient, rows, width }: Touched): void {
  if (!isSparse(given)) {
    for (let j = 0; j < gradient.length; j++) requireFiniteAt(gradient, j, 'gradient')
    return
  }
  for (let j = 0; j < given.values.length; j++) requireFiniteAt(given.values, j, 'gradient.values')
  for (let j = 0; j < gradient.length; j++) {
    if (!Number.isFinite(gradient[j])) {
      throw new RangeError(
        `the repeated rows ${rows?.[Math.floor(j / width)]} of the gradient add up to ${gradient[j]} in column ${j % width}; expected a finite sum`,
      )
    }
  }
}

/** Throws RangeError unless the value at `index` is finite. */
export function requireFiniteAt(array: FloatArray, index: number, role: string): void {
  const value = array[index]
  // Optimised code may see the length that a detached array had.
  if (value === undefined) refuseDetached(role)
  if (value - value !== 0) throw new RangeError(`${role}[${index}] is ${value}; expected a finite number`)
}

/** Throws RangeError if what preconditions, an accumulator's value with `epsilon` added to it, is below zero. */
export function requireSumOfSquares(value: number, index: number, epsilon: number): void {
  if (value + epsilon < 0) {
    throw new RangeError(
      `accumulator[${index}] is ${value}, below zero even with epsilon added (${value + epsilon}); expected a sum of squares. Were accumulator and gradient swapped?`,
    )
  }
}
