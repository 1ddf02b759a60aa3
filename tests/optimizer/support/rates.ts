import fc from 'fast-check'
import { ExponentialDecay, type LearningRate, PiecewiseConstantDecay } from '../../../src/index.ts'

/** A learning rate as data, so that a twin can work it out by itself. */
export type Rate =
  | { readonly kind: 'constant'; readonly rate: number }
  | { readonly kind: 'exponential'; readonly start: number; readonly steps: number; readonly base: number }
  | { readonly kind: 'piecewise'; readonly last: number; readonly first: number; readonly second: number }
  | { readonly kind: 'function'; readonly start: number }

/** What the optimizer gets. */
export function learningRateOf(rate: Rate): LearningRate {
  switch (rate.kind) {
    case 'constant':
      return rate.rate
    case 'exponential':
      return new ExponentialDecay({ initialLearningRate: rate.start, decaySteps: rate.steps, decayRate: rate.base })
    case 'piecewise':
      return new PiecewiseConstantDecay({ boundaries: [rate.last], values: [rate.first, rate.second] })
    case 'function':
      return (step) => rate.start / (1 + step)
  }
}

/** The rate of a step, from the formula. */
export function rateOf(rate: Rate, step: number): number {
  switch (rate.kind) {
    case 'constant':
      return rate.rate
    case 'exponential':
      return rate.start * rate.base ** (step / rate.steps)
    case 'piecewise':
      return step > rate.last ? rate.second : rate.first
    case 'function':
      return rate.start / (1 + step)
  }
}

const size = fc.constantFrom(0.001, 0.03, 0.3, 3)

export const constantRate: fc.Arbitrary<Rate> = fc.record({ kind: fc.constant('constant' as const), rate: size })

export const scheduledRate: fc.Arbitrary<Rate> = fc.oneof(
  fc.record({
    kind: fc.constant('exponential' as const),
    start: size,
    steps: fc.constantFrom(1, 3, 10),
    base: fc.constantFrom(0.5, 0.9, 1.1),
  }),
  fc.record({
    kind: fc.constant('piecewise' as const),
    last: fc.nat({ max: 6 }),
    first: size,
    second: size,
  }),
)

export const anyRate: fc.Arbitrary<Rate> = fc.oneof(
  { weight: 3, arbitrary: constantRate },
  { weight: 2, arbitrary: scheduledRate },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('function' as const), start: size }) },
)
