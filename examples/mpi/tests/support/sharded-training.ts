import type { ClippyAdagrad, ClippyAdagradOptions, FloatArray } from 'clippy-adagrad'
import { LinearModel } from './linear-model.ts'

/** 37 targets divide unevenly; of 3 targets on 4 ranks, one rank gets none. */
export const TARGETS = [37, 3]

const CLIPPING = { learningRate: 0.5, absoluteThreshold: 0.01, exportClippingFactors: true }
export const MODES: readonly ClippyAdagradOptions[] = [
  CLIPPING,
  { ...CLIPPING, useStandardAccumulatorUpdate: true },
  { ...CLIPPING, clipAccumulatorUpdate: true, weightDecay: 0.01 },
]

const STEPS = 30

/** Targets `start` to `end` after training. */
export interface Part {
  readonly start: number
  readonly end: number
  /** Variables and state. */
  readonly arrays: readonly FloatArray[]
  /** Of each step and variable. */
  readonly factors: readonly number[]
}

export function trainPart(optimizer: ClippyAdagrad, start: number, end: number): Part {
  const model = new LinearModel(start, end)
  const factors: number[] = []
  for (let step = 0; step < STEPS; step++) {
    const gradients = model.gradients(step)
    optimizer.applyGradients(model.variables.map((variable, k) => [gradients[k], variable]))
    factors.push(...optimizer.clippingFactors)
  }
  const arrays = [...model.variables, ...optimizer.variables].map(({ value }) => value)
  return { start, end, arrays, factors }
}
