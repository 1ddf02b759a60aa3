import fc from 'fast-check'
import * as schedules from '../../src/schedules/index.ts'

export type BuiltIn = ReturnType<typeof schedules.builtInSchedules>[number]
export type Options = Readonly<Record<string, unknown>>

/** What a test of all schedules needs to know about one of them. */
export interface Example {
  readonly Schedule: BuiltIn
  /** The required options. */
  readonly required: Options
  /** All options and their defaults as the parameter lists of TF-Keras 2.21 have them, in their order. */
  readonly defaults: Options
  /** For each option, values outside its range. */
  readonly outside: Readonly<Record<string, readonly unknown[]>>
  /** Any valid options. */
  readonly arbitrary: fc.Arbitrary<Options>
}

const NOT_FINITE = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
const NEGATIVE = [-1, -Number.MIN_VALUE, ...NOT_FINITE]
const NOT_POSITIVE = [0, -0, ...NEGATIVE]
const NOT_SHARE = [1 + 2 ** -52, 2, ...NEGATIVE]

const anyRate = fc.oneof(
  fc.double({ min: 0, max: 10, noNaN: true }),
  fc.double({ min: 0, max: Number.MAX_VALUE, noNaN: true }),
)
const anySteps = fc.oneof(
  fc.integer({ min: 1, max: 1000 }),
  fc.double({ min: Number.MIN_VALUE, max: Number.MAX_VALUE, noNaN: true }),
)
const anyShare = fc.double({ min: 0, max: 1, noNaN: true })
const anyName = fc.option(fc.string())

const decay = {
  required: { initialLearningRate: 0.1, decaySteps: 10, decayRate: 0.5 },
  defaults: { initialLearningRate: 0.1, decaySteps: 10, decayRate: 0.5, staircase: false, name: null },
  outside: { initialLearningRate: NEGATIVE, decaySteps: NOT_POSITIVE, decayRate: NEGATIVE },
  arbitrary: fc.record(
    {
      initialLearningRate: anyRate,
      decaySteps: anySteps,
      decayRate: anyRate,
      staircase: fc.boolean(),
      name: anyName,
    },
    { requiredKeys: ['initialLearningRate', 'decaySteps', 'decayRate'] },
  ),
}

const boundariesAndValues = fc.uniqueArray(fc.integer({ min: 0, max: 1000 }), { maxLength: 8 }).chain((boundaries) =>
  fc.record({
    boundaries: fc.constant(boundaries.sort((a, b) => a - b)),
    values: fc.array(anyRate, { minLength: boundaries.length + 1, maxLength: boundaries.length + 1 }),
    name: anyName,
  }),
)

export const EXAMPLES: readonly Example[] = [
  { Schedule: schedules.ExponentialDecay, ...decay },
  { Schedule: schedules.InverseTimeDecay, ...decay },
  {
    Schedule: schedules.PolynomialDecay,
    required: { initialLearningRate: 0.1, decaySteps: 10 },
    defaults: { initialLearningRate: 0.1, decaySteps: 10, endLearningRate: 0.0001, power: 1, cycle: false, name: null },
    outside: { initialLearningRate: NEGATIVE, decaySteps: NOT_POSITIVE, endLearningRate: NEGATIVE, power: NEGATIVE },
    arbitrary: fc.record(
      {
        initialLearningRate: anyRate,
        decaySteps: anySteps,
        endLearningRate: anyRate,
        power: anyRate,
        cycle: fc.boolean(),
        name: anyName,
      },
      { requiredKeys: ['initialLearningRate', 'decaySteps'] },
    ),
  },
  {
    Schedule: schedules.PiecewiseConstantDecay,
    required: { boundaries: [5, 10], values: [1, 0.5, 0.1] },
    defaults: { boundaries: [5, 10], values: [1, 0.5, 0.1], name: null },
    outside: {
      boundaries: [[5], [5, 10, 15], [10, 5], [5, 5], [-1, 5], [5, Number.NaN], [5, Number.POSITIVE_INFINITY]],
      values: [[], [1, 0.5], [1, 0.5, -0.1], [1, Number.NaN, 0.1], [1, 0.5, Number.POSITIVE_INFINITY]],
    },
    arbitrary: boundariesAndValues,
  },
  {
    Schedule: schedules.CosineDecay,
    required: { initialLearningRate: 0.1, decaySteps: 10 },
    defaults: { initialLearningRate: 0.1, decaySteps: 10, alpha: 0, name: null, warmupTarget: null, warmupSteps: 0 },
    outside: {
      initialLearningRate: NEGATIVE,
      decaySteps: NOT_POSITIVE,
      alpha: NOT_SHARE,
      warmupTarget: NEGATIVE,
      warmupSteps: NEGATIVE,
    },
    arbitrary: fc.record(
      {
        initialLearningRate: anyRate,
        decaySteps: anySteps,
        alpha: anyShare,
        name: anyName,
        warmupTarget: fc.option(anyRate),
        warmupSteps: fc.oneof(fc.constant(0), anySteps),
      },
      { requiredKeys: ['initialLearningRate', 'decaySteps'] },
    ),
  },
  {
    Schedule: schedules.CosineDecayRestarts,
    required: { initialLearningRate: 0.1, firstDecaySteps: 10 },
    defaults: { initialLearningRate: 0.1, firstDecaySteps: 10, tMul: 2, mMul: 1, alpha: 0, name: null },
    outside: {
      initialLearningRate: NEGATIVE,
      firstDecaySteps: NOT_POSITIVE,
      tMul: [1 - 2 ** -53, 0.5, 0, ...NEGATIVE],
      mMul: NEGATIVE,
      alpha: NOT_SHARE,
    },
    arbitrary: fc.record(
      {
        initialLearningRate: anyRate,
        firstDecaySteps: anySteps,
        tMul: fc.oneof(
          fc.constantFrom(1, 1 + 2 ** -52, 2),
          fc.double({ min: 1, max: 3, noNaN: true }),
          fc.double({ min: 1, max: Number.MAX_VALUE, noNaN: true }),
        ),
        mMul: anyRate,
        alpha: anyShare,
        name: anyName,
      },
      { requiredKeys: ['initialLearningRate', 'firstDecaySteps'] },
    ),
  },
  {
    // Not Keras's, but the TensorFlow Model Garden's.
    Schedule: schedules.LinearWarmup,
    required: { afterWarmupLrSched: 0.1, warmupSteps: 10, warmupLearningRate: 0 },
    defaults: { afterWarmupLrSched: 0.1, warmupSteps: 10, warmupLearningRate: 0, name: null },
    outside: { afterWarmupLrSched: NEGATIVE, warmupSteps: [1.5, ...NOT_POSITIVE], warmupLearningRate: NEGATIVE },
    arbitrary: fc.record(
      {
        afterWarmupLrSched: anyRate,
        warmupSteps: fc.integer({ min: 1, max: 1000 }),
        warmupLearningRate: anyRate,
        name: anyName,
      },
      { requiredKeys: ['afterWarmupLrSched', 'warmupSteps', 'warmupLearningRate'] },
    ),
  },
]

/** Makes a schedule from options that only a test knows to fit, or not. */
export function make(Schedule: BuiltIn, options: unknown): schedules.LearningRateSchedule {
  return new (Schedule as unknown as new (options: unknown) => schedules.LearningRateSchedule)(options)
}

/** Any step: small, or up to the largest. */
export const anyStep = fc.oneof(fc.integer({ min: 0, max: 2000 }), fc.maxSafeNat())
