import type fc from 'fast-check'
import {
  absoluteThresholds,
  accumulatorThresholds,
  epsilons,
  learningRates,
  relativeThresholds,
} from './edge-values.ts'

/** Every option of a step, each of them given. */
export interface StepCaseOptions {
  /** Learning rate. */
  readonly learningRate: number
  /** Added to the accumulator under the square root. */
  readonly epsilon: number
  /** Share of |variable| that a step may move it. */
  readonly variableRelativeThreshold: number
  /** Multiple of 1/√(accumulator + epsilon) that a step may move a coordinate. */
  readonly accumulatorRelativeThreshold: number
  /** What a step may move any coordinate; may be `Infinity` in the hostile domain. */
  readonly absoluteThreshold: number
  /** Multiply the gradient by the clipping factor before it is squared into the accumulator; not with the next one. */
  readonly clipAccumulatorUpdate: boolean
  /** Standard mode: update the accumulator before the step divides by its root. */
  readonly useStandardAccumulatorUpdate: boolean
}

/** The three ways to update the accumulator. */
export const modes = {
  delayed: { clipAccumulatorUpdate: false, useStandardAccumulatorUpdate: false },
  clipped: { clipAccumulatorUpdate: true, useStandardAccumulatorUpdate: false },
  standard: { clipAccumulatorUpdate: false, useStandardAccumulatorUpdate: true },
} as const

/** Options as in training. */
export function ordinaryOptions(fastCheck: typeof fc): fc.Arbitrary<StepCaseOptions> {
  const numbers = fastCheck.record({
    learningRate: fastCheck.constantFrom(1e-3, 0.01, 0.1, 1, 30),
    epsilon: fastCheck.constantFrom(1e-7, 1e-10, 1e-3),
    variableRelativeThreshold: fastCheck.constantFrom(0.1, 1e-3, 1e-6, 1e-8, 0.5, 1, 1.5),
    accumulatorRelativeThreshold: fastCheck.constantFrom(0, 0, 1e-6, 1e-3, 0.1),
    absoluteThreshold: fastCheck.constantFrom(1e-7, 0, 1e-3, 0.01, 1),
  })
  return inAnyMode(fastCheck, numbers)
}

/** Options of any size at all. */
export function hostileOptions(fastCheck: typeof fc): fc.Arbitrary<StepCaseOptions> {
  // A positive double whose exponent is uniform.
  const anySize = fastCheck
    .tuple(fastCheck.integer({ min: -1074, max: 1023 }), fastCheck.nat({ max: 2 ** 20 - 1 }))
    .map(([exponent, fraction]) => (1 + fraction / 2 ** 20) * 2 ** exponent)
  const numbers = fastCheck.record({
    learningRate: fastCheck.oneof(fastCheck.constantFrom(...learningRates), anySize),
    epsilon: fastCheck.oneof(fastCheck.constantFrom(...epsilons), anySize),
    variableRelativeThreshold: fastCheck.oneof(fastCheck.constantFrom(...relativeThresholds), anySize),
    accumulatorRelativeThreshold: fastCheck.oneof(
      fastCheck.constant(0),
      fastCheck.constantFrom(...accumulatorThresholds),
      anySize,
    ),
    absoluteThreshold: fastCheck.oneof(fastCheck.constantFrom(...absoluteThresholds), anySize),
  })
  return inAnyMode(fastCheck, numbers)
}

type Numbers = Omit<StepCaseOptions, keyof typeof modes.delayed>

function inAnyMode(fastCheck: typeof fc, numbers: fc.Arbitrary<Numbers>): fc.Arbitrary<StepCaseOptions> {
  const mode = fastCheck.constantFrom(modes.delayed, modes.clipped, modes.standard)
  return fastCheck.tuple(numbers, mode).map(([set, flags]) => ({ ...set, ...flags }))
}
