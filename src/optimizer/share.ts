import { type FloatArray, type Gradient, isSparse } from '../step/index.ts'
import { type GradientAndVariable, requireFit, requireShape } from './gradients.ts'
import { hasFiniteValues } from './loops.ts'
import { isPerReplica, type PerReplica } from './replicas.ts'
import { valuesOf } from './sparse.ts'
import { numberOfList, refuseRepeated, type Trained, type TrainedVariables } from './trained.ts'
import type { Variable } from './variable.ts'

/** One variable's part in a step: every stage leaves there what it makes of it. */
export interface Share<Given = Gradient> {
  readonly trained: Trained
  /** Of its pair in the caller's list; undefined for a gradient that is not as the caller gave it. */
  readonly place?: number | undefined
  /** As given; then summed over replicas, clipped, each row once. */
  gradient: Given
  /** What the update starts from: the variable's array, or, where it decays, what the decay makes of it. */
  value: FloatArray
}

/** The shares of the pairs that have a gradient, and the variables of the others. Throws where a gradient does not fit. */
export function sharesOf(
  pairs: readonly GradientAndVariable[],
  variables: TrainedVariables,
): { shares: Share<Gradient | PerReplica>[]; missing: Variable[] } {
  const shares: Share<Gradient | PerReplica>[] = []
  const missing: Variable[] = []
  const list = numberOfList()
  for (let k = 0; k < pairs.length; k++) {
    const gradient = pairs[k][0]
    const trained = variables.find(pairs[k][1]) ?? refuseStranger(pairs, k, variables)
    if (trained.lastList === list) refuseRepeated(pairs.map(variableOf))
    trained.lastList = list
    const { variable } = trained
    if (gradient === null || gradient === undefined) missing.push(variable)
    else shares.push({ trained, place: k, gradient, value: variable.value })
  }
  for (const { gradient, trained } of shares) {
    if (!isPerReplica(gradient)) requireShape(gradient, trained.variable)
    else for (const one of gradient.values) requireFit(one, trained.variable)
  }
  return { shares, missing }
}

function refuseStranger(pairs: readonly GradientAndVariable[], k: number, variables: TrainedVariables): Trained {
  // Whoever names a variable twice is told that first.
  refuseRepeated(pairs.map(variableOf))
  return variables.of(variableOf(pairs[k]), k)
}

function variableOf([, variable]: GradientAndVariable): Variable | FloatArray {
  return variable
}

/** As `sharesOf`; throws RangeError where no pair has a gradient. */
export function someSharesOf(
  pairs: readonly GradientAndVariable[],
  variables: TrainedVariables,
): ReturnType<typeof sharesOf> {
  const found = sharesOf(pairs, variables)
  if (found.shares.length > 0) return found
  const names = found.missing.map(({ name }) => name).join(', ')
  throw new RangeError(`no gradient was given for any variable: ${names}; expected at least one`)
}

/** Whether no gradient is still one of each replica. */
export function areSummed(shares: readonly Share<Gradient | PerReplica>[]): shares is readonly Share[] {
  for (const { gradient } of shares) if (isPerReplica(gradient)) return false
  return true
}

/** The shares again; throws Error where a gradient is still one of each replica. */
export function requireSummed(shares: readonly Share<Gradient | PerReplica>[]): readonly Share[] {
  if (areSummed(shares)) return shares
  const name = shares.find(({ gradient }) => isPerReplica(gradient))?.trained.variable.name
  throw new Error(
    `variable '${name}': nothing has summed the gradients of its replicas; leave skipGradientsAggregation out, or pass their sum`,
  )
}

/** Whether every value of every gradient is finite. */
export function areFinite(shares: readonly Share[]): boolean {
  return shares.every(({ gradient }) => hasFiniteValues(valuesOf(gradient)))
}

/** Throws TypeError where a gradient lies in a variable that the same step updates: what it says would change on the way. */
export function refuseUpdated(shares: readonly Share[], variables: TrainedVariables): void {
  let updated: ReadonlySet<Trained> | undefined
  for (const { gradient, trained } of shares) {
    const near = overlapping(gradient, variables)
    if (near.length === 0) continue
    updated ??= new Set(shares.map((share) => share.trained))
    const shared = near.find((one) => updated?.has(one))
    if (shared === undefined) continue
    throw new TypeError(
      `variable '${trained.variable.name}': the gradient and the variable '${shared.variable.name}', which the step updates, share memory; pass a copy`,
    )
  }
}

function overlapping(gradient: Gradient, variables: TrainedVariables): readonly Trained[] {
  const near = variables.overlapping(valuesOf(gradient))
  if (!isSparse(gradient) || !ArrayBuffer.isView(gradient.indices)) return near
  const alsoNear = variables.overlapping(gradient.indices)
  return alsoNear.length === 0 ? near : [...near, ...alsoNear]
}
