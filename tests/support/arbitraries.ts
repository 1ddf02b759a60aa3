import fc from 'fast-check'
import { type Case, modes, type Options } from './case.ts'
import { arrayOf, finiteFromBits, limitsOf, moveByUlps, type Precision } from './precision.ts'
import { belowZero, tightGradient } from './tight.ts'
import {
  absoluteThresholds,
  accumulatorThresholds,
  edges,
  epsilons,
  learningRates,
  relativeThresholds,
} from './values.ts'

const word = fc.integer({ min: 0, max: 2 ** 32 - 1 })

export const precision: fc.Arbitrary<Precision> = fc.constantFrom('float32', 'float64')

/** The numbers of ordinary training: zero now and then, or between about 1e-8 and 100 in size. */
export function ordinaryFloat(type: Precision): fc.Arbitrary<number> {
  const { round } = limitsOf(type)
  const size = fc
    .tuple(fc.integer({ min: 1, max: 9999 }), fc.integer({ min: 2, max: 8 }), fc.nat({ max: 2 ** 20 }), fc.boolean())
    .map(([digits, places, rest, negative]) => round(((negative ? -1 : 1) * (digits + rest / 2 ** 21)) / 10 ** places))
  return fc.oneof({ weight: 1, arbitrary: fc.constantFrom(0, -0) }, { weight: 24, arbitrary: size })
}

/** Every finite bit pattern: subnormals, both zeros, everything from the smallest to the largest. */
export function anyFiniteFloat(type: Precision): fc.Arbitrary<number> {
  const limits = edges(type)
  return fc.oneof(
    fc.tuple(word, word).map(([high, low]) => finiteFromBits(type, high, low)),
    fc
      .tuple(fc.constantFrom(...limits), fc.integer({ min: -2, max: 2 }), fc.boolean())
      .map(([edge, ulps, negative]) => (negative ? -1 : 1) * moveByUlps(type, edge, ulps)),
    ordinaryFloat(type),
  )
}

export const ordinaryOptions: fc.Arbitrary<Options> = fc
  .record({
    learningRate: fc.constantFrom(1e-3, 0.01, 0.1, 1, 30),
    epsilon: fc.constantFrom(1e-7, 1e-10, 1e-3),
    variableRelativeThreshold: fc.constantFrom(0.1, 1e-3, 1e-6, 1e-8, 0.5, 1, 1.5),
    accumulatorRelativeThreshold: fc.constantFrom(0, 0, 1e-6, 1e-3, 0.1),
    absoluteThreshold: fc.constantFrom(1e-7, 0, 1e-3, 0.01, 1),
    mode: fc.constantFrom(modes.delayed, modes.clipped, modes.standard),
  })
  .map(({ mode, ...rest }) => ({ ...rest, ...mode }))

/** A positive double of any size: its exponent is uniform. */
const anySize = fc
  .tuple(fc.integer({ min: -1074, max: 1023 }), fc.nat({ max: 2 ** 20 - 1 }))
  .map(([exponent, fraction]) => (1 + fraction / 2 ** 20) * 2 ** exponent)

export const hostileOptions: fc.Arbitrary<Options> = fc
  .record({
    learningRate: fc.oneof(fc.constantFrom(...learningRates), anySize),
    epsilon: fc.oneof(fc.constantFrom(...epsilons), anySize),
    variableRelativeThreshold: fc.oneof(fc.constantFrom(...relativeThresholds), anySize),
    accumulatorRelativeThreshold: fc.oneof(fc.constant(0), fc.constantFrom(...accumulatorThresholds), anySize),
    absoluteThreshold: fc.oneof(fc.constantFrom(...absoluteThresholds), anySize),
    mode: fc.constantFrom(modes.delayed, modes.clipped, modes.standard),
  })
  .map(({ mode, ...rest }) => ({ ...rest, ...mode }))

interface Coordinate {
  readonly w: number
  readonly a: number
  readonly g: number
  /** How many ulps this coordinate is off where all are put right at their bound. */
  readonly ulps: number
  /** How far below 0 the accumulator is put, as a share of ε; null for not at all. */
  readonly below: number | null
}

interface CaseShape {
  readonly type: Precision
  readonly float: fc.Arbitrary<number>
  readonly options: fc.Arbitrary<Options>
}

function caseArbitrary({ type, float, options }: CaseShape): fc.Arbitrary<Case> {
  const below = fc.oneof(
    { weight: 19, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constantFrom(0.3, 0.9, 0.999, 1 - 1e-6, 1 - 1e-9) },
  )
  const coordinate = fc.record({
    w: float,
    a: float.map(Math.abs),
    g: float,
    ulps: fc.integer({ min: -2, max: 2 }),
    below,
  })
  // Every length up to one more than the widest block that a kernel may work in.
  const coordinates = fc.array(coordinate, { maxLength: 33, size: 'max' })
  const share = fc.option(fc.constantFrom(1, 1.5, 2, 7, 64), { nil: null })
  const offset = fc.integer({ min: 0, max: 3 })
  return fc.tuple(options, coordinates, share, fc.tuple(offset, offset, offset)).map(([set, list, ratio, offsets]) => {
    const variable = list.map(({ w }) => w)
    const accumulator = list.map(({ a, below }) => (below === null ? a : belowZero(type, set.epsilon, below, a)))
    const gradient = list.map((at, i) => gradientOf(type, { ...at, a: accumulator[i] }, set, ratio))
    return {
      variable: arrayOf(type, variable, offsets[0]),
      accumulator: arrayOf(type, accumulator, offsets[1]),
      gradient: arrayOf(type, gradient, offsets[2]),
      options: set,
    }
  })
}

function gradientOf(type: Precision, { w, a, g, ulps }: Coordinate, options: Options, share: number | null): number {
  if (share === null) return g
  const tight = tightGradient(type, w, a, options, share, ulps)
  if (!Number.isFinite(tight)) return g
  return g < 0 ? -tight : tight
}

/** Numbers and options as in training. */
export const ordinaryCase: fc.Arbitrary<Case> = precision.chain((type) =>
  caseArbitrary({ type, float: ordinaryFloat(type), options: ordinaryOptions }),
)

/** Anything finite goes. */
export const hostileCase: fc.Arbitrary<Case> = fc.oneof(
  precision.chain((type) => caseArbitrary({ type, float: anyFiniteFloat(type), options: hostileOptions })),
  precision.chain((type) => caseArbitrary({ type, float: anyFiniteFloat(type), options: ordinaryOptions })),
  precision.chain((type) => caseArbitrary({ type, float: ordinaryFloat(type), options: hostileOptions })),
)

export const anyCase: fc.Arbitrary<Case> = fc.oneof(ordinaryCase, hostileCase)

/** A clipping factor as another shard may have found it: any double in [0, 1]. */
export const factor: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(0, 1, 0.5, 5e-324, 2 ** -1022, 1e-300, 1e-46, 1e-40, 1e-10, 1 - 2 ** -53),
  fc.double({ min: 0, max: 1, noNaN: true }),
)
