import { within } from '../shared/check.ts'
import { requireFiniteGradient, requireFiniteRows, requireFit } from './gradients.ts'
import { naming } from './naming.ts'
import type { Share } from './share.ts'
import { requireWhole } from './variable.ts'

/** What a step has decided about one variable, from reads alone. */
export interface Decision {
  readonly share: Share
  /** The clipping factor; 1 for an optimizer without one. */
  readonly factor: number
  /** The factor that all shards agree on; this one's until they are asked. */
  agreed: number
}

/** The decision of an optimizer that says nothing of its own; throws unless gradient and touched rows are finite. */
export function finiteDecision(share: Share): Decision {
  const { value, place } = share
  const { variable } = share.trained
  requireWhole(variable)
  share.gradient = requireFit(share.gradient, variable)
  requireFiniteGradient(share.gradient, variable, place)
  requireFiniteRows(value, share.gradient, variable)
  return { share, factor: 1, agreed: 1 }
}

/** Throws TypeError or RangeError unless the factor that all agree on is one. */
export function requireAgreed({ agreed, share }: Decision): void {
  naming(share.trained.variable, () => within(agreed, 0, 1, 'the reduced clipping factor'))
}
