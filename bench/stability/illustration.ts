import { shrinkByReferences } from 'clippy-adagrad'
import { PAPER_THRESHOLDS } from './methods.ts'

/** Gradient descent on ½ · sharpness · w². Without clipping it converges only if learningRate · sharpness < 2. */
export interface Descent {
  readonly sharpness: number
  readonly learningRate: number
  readonly start: number
  readonly steps: number
}

/** The weight at the start and after each step. */
export function descend({ sharpness, learningRate, start, steps }: Descent, isClipped: boolean): number[] {
  const { variableRelativeThreshold, absoluteThreshold } = PAPER_THRESHOLDS
  const weights = [start]
  for (let step = 0; step < steps; step++) {
    const w = weights[step]
    const update = learningRate * sharpness * w
    const clipped = () => shrinkByReferences([update], [[w]], [variableRelativeThreshold], absoluteThreshold).shrunk[0]
    weights.push(w - (isClipped ? clipped() : update))
  }
  return weights
}

/**
 * Where |w| of a clipped descent settles once it cannot converge: the step that is the mirror image of the weight, as
 * large as the bound allows, 2 · |w| = relative · |w| + absolute. It does not depend on the learning rate.
 */
export const SETTLES_AT = PAPER_THRESHOLDS.absoluteThreshold / (2 - PAPER_THRESHOLDS.variableRelativeThreshold)

/** Below, just above, above and far beyond the edge of stability: learningRate · sharpness is 1.9, 2.1, 3 and 20. */
export const DESCENTS: readonly Descent[] = [0.19, 0.21, 0.3, 2].map((learningRate) => {
  return { sharpness: 10, learningRate, start: 1, steps: 80 }
})
