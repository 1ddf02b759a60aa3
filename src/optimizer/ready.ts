import { distinctRows, type Gradient } from '../step/index.ts'
import { dtypeOf, zeros } from './arrays.ts'
import { clipGradients, type GradientClipping } from './clip-gradients.ts'
import { type GradientAndVariable, requireFiniteGradient, requireFit } from './gradients.ts'
import { hasFiniteValues } from './loops.ts'
import { naming } from './naming.ts'
import { isPerReplica, type PerReplica } from './replicas.ts'
import type { Room } from './room.ts'
import { isSparse, valuesOf } from './sparse.ts'
import { refuseRepeated, type Trained, type TrainedVariables } from './trained.ts'
import type { Variable } from './variable.ts'

/** A gradient on its way through a step, with the variable that it is of. */
export interface Ready<G = Gradient> {
  readonly gradient: G
  readonly trained: Trained
}

/** The pairs that have a gradient, and the variables of the others. Throws where a gradient does not fit its variable. */
export function presentPairs(
  pairs: readonly GradientAndVariable[],
  variables: TrainedVariables,
): { present: Ready<Gradient | PerReplica>[]; missing: Variable[] } {
  const present: Ready<Gradient | PerReplica>[] = []
  const missing: Variable[] = []
  refuseRepeated(pairs.map(([, variable]) => variable))
  const all = pairs.map(([, variable], k) => variables.of(variable, k))
  pairs.forEach(([gradient], k) => {
    const trained = all[k]
    if (gradient === null || gradient === undefined) missing.push(trained.variable)
    else present.push({ gradient, trained })
  })
  for (const { gradient, trained } of present) {
    for (const one of isPerReplica(gradient) ? gradient.values : [gradient]) requireFit(one, trained.variable)
  }
  return { present, missing }
}

/** As `presentPairs`; throws RangeError where no pair has a gradient. */
export function somePresentPairs(
  pairs: readonly GradientAndVariable[],
  variables: TrainedVariables,
): ReturnType<typeof presentPairs> {
  const found = presentPairs(pairs, variables)
  if (found.present.length > 0) return found
  const names = found.missing.map(({ name }) => name).join(', ')
  throw new RangeError(`no gradient was given for any variable: ${names}; expected at least one`)
}

/** Whether a gradient is still one of each replica. */
export function hasReplicas(pairs: readonly Ready<Gradient | PerReplica>[]): boolean {
  return pairs.some(({ gradient }) => isPerReplica(gradient))
}

/** The pairs again, once it is known that no gradient is still one of each replica; throws Error where one is. */
export function requireSummed(pairs: readonly Ready<Gradient | PerReplica>[]): readonly Ready[] {
  const replicas = pairs.find(({ gradient }) => isPerReplica(gradient))
  if (replicas === undefined) return pairs as readonly Ready[]
  throw new Error(
    `variable '${replicas.trained.variable.name}': nothing has summed the gradients of its replicas; leave skipGradientsAggregation out, or pass their sum`,
  )
}

/** Whether every value of every gradient is finite. */
export function areFinite(pairs: readonly Ready[]): boolean {
  return pairs.every(({ gradient }) => hasFiniteValues(valuesOf(gradient)))
}

/** The pairs with each row of a sparse gradient once, repeated ones summed in the order given. */
export function withDistinctRows(pairs: readonly Ready[]): readonly Ready[] {
  return pairs.map((pair) => {
    const { gradient, trained } = pair
    if (!isSparse(gradient)) return pair
    const { variable } = trained
    return { gradient: naming(variable, () => distinctRows(gradient, variable.size)), trained }
  })
}

/** Throws TypeError where a gradient lies in a variable that the same step updates: what it says would change on the way. */
export function refuseUpdated(pairs: readonly Ready[], variables: TrainedVariables): void {
  const updated = new Set(pairs.map(({ trained }) => trained))
  for (const { gradient, trained } of pairs) {
    const { indices, values } = isSparse(gradient) ? gradient : { indices: [], values: gradient }
    const near = [
      ...variables.overlapping(values),
      ...(ArrayBuffer.isView(indices) ? variables.overlapping(indices) : []),
    ]
    const shared = near.find((one) => updated.has(one))
    if (shared === undefined) continue
    throw new TypeError(
      `variable '${trained.variable.name}': the gradient and the variable '${shared.variable.name}', which the step updates, share memory; pass a copy`,
    )
  }
}

/** The pairs with their gradients clipped, into arrays that `room` lends. */
export function clipped(pairs: readonly Ready[], clipping: GradientClipping, room: Room): readonly Ready[] {
  if (clipping.kind === 'none') return pairs
  const gradients = clipGradients(
    pairs.map(({ gradient }) => gradient),
    clipping,
    (k) => {
      const { gradient, trained } = pairs[k]
      return isSparse(gradient) ? zeros(gradient.values.length, dtypeOf(gradient.values)) : room.lend(trained)
    },
  )
  if (gradients !== undefined) return pairs.map(({ trained }, k) => ({ gradient: gradients[k], trained }))
  for (const { gradient, trained } of pairs) requireFiniteGradient(gradient, trained.variable)
  throw new Error('clipping met a value that is not finite, but there is none; please report this')
}
