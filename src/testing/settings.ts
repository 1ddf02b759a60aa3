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
  readonly learningRate: number
  readonly epsilon: number
  readonly variableRelativeThreshold: number
  readonly accumulatorRelativeThreshold: number
  readonly absoluteThreshold: number
  readonly clipAccumulatorUpdate: boolean
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
