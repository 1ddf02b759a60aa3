import { array, describe, isObject, refuseKind } from '../shared/check.ts'
import type { FloatArray, Gradient } from '../step/index.ts'
import { centralDifferences } from './central-differences.ts'
import { type GradientAndVariable, requireVariables } from './gradients.ts'
import { asVariables, refuseRepeated } from './trained.ts'
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

/** Variables, or a function that is called for them. */
export type VariableList = readonly (Variable | FloatArray)[] | (() => readonly (Variable | FloatArray)[])

/**
 * The loss's value, and its gradients paired with the variables as they are in the list: from the tape, from the loss
 * itself, or by central differences.
 */
export function differentiated(
  loss: Loss,
  varList: VariableList,
  tape: Tape | undefined,
): { readonly value: number; readonly pairs: GradientAndVariable[] } {
  const list = typeof varList === 'function' ? varList() : varList
  requireVariables(list)
  const variables = asVariables(list)
  refuseRepeated(variables)
  if (typeof loss !== 'function') refuseKind(loss, 'loss', 'a function of no arguments')
  let value: number | undefined
  const observed: Loss = () => {
    const result = loss()
    value ??= lossValue(result)
    return result
  }
  const gradients = tape === undefined ? ownGradients(observed, variables) : withTape(observed, variables, tape)
  return { value: value ?? lossValue(loss()), pairs: gradients.map((gradient, k) => [gradient, list[k]]) }
}

function ownGradients(loss: Loss, variables: readonly Variable[]): LossAndGradients['gradients'] {
  const result = loss()
  if (typeof result !== 'number') {
    if (result.gradients === undefined) refuseResult(result)
    return listFor(variables, result.gradients, 'loss')
  }
  return centralDifferences(() => lossValue(loss()), result, variables)
}

function withTape(loss: Loss, variables: readonly Variable[], tape: Tape): LossAndGradients['gradients'] {
  if (typeof tape?.gradient !== 'function') {
    refuseKind(tape, 'tape', 'an object with gradient(loss, variables)')
  }
  return listFor(variables, tape.gradient(loss, variables), 'tape.gradient')
}

/** The gradients that the tape or the loss returned. */
function listFor<Given>(variables: readonly Variable[], gradients: readonly Given[], what: string): readonly Given[] {
  array(gradients, `${what}: what it returned as gradients`)
  if (gradients.length === variables.length) return gradients
  throw new RangeError(`${what} returned ${gradients.length} gradients for ${variables.length} variables`)
}

function lossValue(result: number | LossAndGradients): number {
  const value = isObject(result) ? result.value : result
  if (typeof value === 'number') return value
  if (isObject(result) && value !== undefined) refuseKind(value, 'loss: what it returned as value', 'a number')
  return refuseResult(result)
}

/** Throws the TypeError for a result that is neither a number nor an object with both properties. */
function refuseResult(result: unknown): never {
  if (typeof (result as { readonly then?: unknown } | null | undefined)?.then === 'function') {
    throw new TypeError(
      'loss returned a Promise; expected a number; await what it needs first, then pass a loss that returns { value, gradients }',
    )
  }
  const hint = result === undefined ? '; is a return missing?' : ''
  throw new TypeError(`loss returned ${inWords(result)}; expected a number or { value, gradients }${hint}`)
}

/** As `describe`; of an object literal, which may only have other names for the two, its first keys as well. */
function inWords(result: unknown): string {
  const words = describe(result)
  if (words !== 'an object') return words
  const keys = Object.keys(Object(result)).slice(0, 5)
  return keys.length === 0 ? words : `${words} with ${keys.join(', ').slice(0, 80)}`
}
