import type { FloatArray, Gradient } from '../step/index.ts'
import { requireFiniteGradient, requireFiniteRows, requireFit } from './gradients.ts'
import type { Trained } from './trained.ts'
import { requireWhole } from './variable.ts'

/** One variable's part in a step, as the stages before the update leave it. */
export interface Share {
  readonly trained: Trained
  /** Summed over replicas, clipped, each row once. */
  readonly gradient: Gradient
  /** What the update starts from: the variable's array, or, where it decays, what the decay makes of it. */
  readonly value: FloatArray
}

/** What a step has decided about one variable, from reads alone. */
export interface Decision {
  readonly share: Share
  /** The clipping factor; 1 for an optimizer without one. */
  readonly factor: number
  /** Looks once more, after code of others has run: throws where the step has to be refused now. */
  recheck(): void
}

/** The decision of an optimizer that says nothing of its own; throws unless gradient and touched rows are finite. */
export function finiteDecision(share: Share): Decision {
  const { gradient, value, trained } = share
  const recheck = () => {
    requireWhole(trained.variable)
    requireFit(gradient, trained.variable)
    requireFiniteGradient(gradient, trained.variable)
    requireFiniteRows(value, gradient, trained.variable)
  }
  recheck()
  return { share, factor: 1, recheck }
}
