import type { ClippyAdagrad, FloatArray, Store } from 'clippy-adagrad'
import { LinearModel } from '../../linear-model.ts'
import type { ShardedOptions } from '../../sharded.ts'

/** 37 targets divide unevenly; of 3 targets on 4 ranks, one rank gets none. */
export const TARGETS = [37, 3]

const CLIPPING = { learningRate: 0.5, absoluteThreshold: 0.01, exportClippingFactors: true }
export const MODES: readonly ShardedOptions[] = [
  CLIPPING,
  { ...CLIPPING, useStandardAccumulatorUpdate: true },
  { ...CLIPPING, clipAccumulatorUpdate: true, weightDecay: 0.01 },
]

const STEPS = 30

/** Targets `start` to `end` after training. */
export interface Part {
  readonly start: number
  readonly end: number
  readonly weights: readonly FloatArray[]
  readonly state: Store
  /** Of each step and variable. */
  readonly factors: readonly number[]
}

export function trainPart(optimizer: ClippyAdagrad, start: number, end: number): Part {
  const model = new LinearModel(start, end)
  const factors: number[] = []
  for (let step = 0; step < STEPS; step++) {
    const gradients = model.gradients(step)
    optimizer.applyGradients(model.weights.map((weights, k) => [gradients[k], weights]))
    factors.push(...optimizer.clippingFactors)
  }
  const state: Store = {}
  optimizer.saveOwnVariables(state)
  return { start, end, weights: model.weights, state, factors }
}
