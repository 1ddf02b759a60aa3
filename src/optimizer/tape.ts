import { describe } from '../shared/check.ts'
import { type FloatArray, type Gradient, precisionOf } from '../step/old/index.ts'
import type { Variable } from './variable.ts'

/** A loss with its gradients, in the order of the variable list; null where the loss does not depend on one. */
export interface LossAndGradients {
  /** The loss, a number. */
  readonly value: number
  /** One for each variable; dense of its length or sparse, and of its precision. */
  readonly gradients: readonly (Gradient | null)[]
}

/** Works out a loss from the variables' current values; called without arguments. */
export type Loss = () => number | LossAndGradients

/** The seam to an autodiff library: gradients of `loss` in the order of `variables`. */
export interface Tape {
  /** Calls `loss` as often as it needs to; gives null for a variable that the loss does not depend on. */
  gradient(loss: Loss, variables: readonly Variable[]): readonly (Gradient | null)[]
}

const MOST_DIFFERENCES = 10_000

/** The loss's value and gradients: from the tape, from the loss itself, or by central differences. */
export function differentiate(loss: Loss, variables: readonly Variable[], tape?: Tape): LossAndGradients {
  requireLoss(loss)
  if (tape !== undefined) return withTape(loss, variables, tape)
  const result = loss()
  if (typeof result === 'number') return { value: result, gradients: centralDifferences(loss, variables) }
  if (typeof result !== 'object' || result === null || !Array.isArray(result.gradients)) {
    throw new TypeError(`loss returned ${describe(result)}; expected a number or { value, gradients }`)
  }
  requireCount(result.gradients, variables, 'loss')
  return { value: lossValue(result), gradients: result.gradients }
}

/** Throws TypeError unless `loss` is a function. */
export function requireLoss(loss: unknown): void {
  if (typeof loss !== 'function') throw new TypeError(`loss is ${describe(loss)}; expected a function of no arguments`)
}

function withTape(loss: Loss, variables: readonly Variable[], tape: Tape): LossAndGradients {
  if (typeof tape?.gradient !== 'function') {
    throw new TypeError(`tape is ${describe(tape)}; expected an object with gradient(loss, variables)`)
  }
  let value: number | undefined
  const observed: Loss = () => {
    const result = loss()
    value ??= lossValue(result)
    return result
  }
  const gradients = tape.gradient(observed, variables)
  if (!Array.isArray(gradients)) {
    throw new TypeError(`tape.gradient returned ${describe(gradients)}; expected a list of gradients`)
  }
  requireCount(gradients, variables, 'tape.gradient')
  return { value: value ?? lossValue(loss()), gradients }
}

function requireCount(gradients: readonly unknown[], variables: readonly Variable[], what: string): void {
  if (gradients.length !== variables.length) {
    throw new RangeError(`${what} returned ${gradients.length} gradients for ${variables.length} variables`)
  }
}

function lossValue(result: number | LossAndGradients): number {
  const value = typeof result === 'object' && result !== null ? result.value : result
  if (typeof value !== 'number') throw new TypeError(`loss returned ${describe(value)}; expected a number`)
  return value
}

/**
 * (loss(w + h) − loss(w − h)) / 2h for each coordinate in turn; two calls of the loss each, so for tests and small
 * problems. The variables have their values again afterwards, also where the loss throws.
 */
function centralDifferences(loss: Loss, variables: readonly Variable[]): FloatArray[] {
  const coordinates = variables.reduce((sum, { size }) => sum + size, 0)
  if (coordinates > MOST_DIFFERENCES) {
    throw new RangeError(
      `central differences over ${coordinates} coordinates would call the loss ${2 * coordinates} times; return { value, gradients } from the loss or pass a tape (limit: ${MOST_DIFFERENCES})`,
    )
  }
  return variables.map(({ value }) => {
    const gradient = value.slice()
    // The cube root of the type's rounding error balances rounding against the third derivative.
    const step = precisionOf(value)?.name === 'Float32Array' ? 2 ** -8 : 2 ** -17
    for (let i = 0; i < value.length; i++) gradient[i] = centralDifference(loss, value, i, step)
    return gradient
  })
}

function centralDifference(loss: Loss, value: FloatArray, i: number, step: number): number {
  const middle = value[i]
  const distance = step * Math.max(1, Math.abs(middle))
  try {
    value[i] = middle + distance
    const high = value[i]
    const above = lossValue(loss())
    value[i] = middle - distance
    // The distance that the type really stored.
    return (above - lossValue(loss())) / (high - value[i])
  } finally {
    value[i] = middle
  }
}
