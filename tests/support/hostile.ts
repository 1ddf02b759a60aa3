import {
  absoluteThresholds,
  accumulatorThresholds,
  edges,
  epsilons,
  learningRates,
  relativeThresholds,
} from '../../src/testing/edge-values.ts'
import { tightGradient } from '../../src/testing/tight.ts'
import { belowZero } from './below-zero.ts'
import { type Case, modes, type Options } from './case.ts'
import { arrayOf, finiteFromBits, limitsOf, moveByUlps, type Precision, precisions } from './precision.ts'
import type { Random } from './random.ts'

/** How large the numbers of one array are. */
const kinds = ['ordinary', 'ordinary', 'ordinary', 'bits', 'band', 'band', 'edges', 'subnormal', 'mixed'] as const
type Kind = (typeof kinds)[number]

/** Every length up to one more than a group of the SIMD kernel; from 64 on it takes over. */
const LENGTHS = 34

const listOfEdges = { float32: edges('float32'), float64: edges('float64') }

/** A seeded case for the long run: ordinary training numbers, hostile ones, and many coordinates right at their bound. */
export function hostileCase(random: Random): Case {
  const precision = random.pick(precisions)
  const options = random.pick([ordinaryOptions, edgeOptions, scatteredOptions])(random, precision)
  const length = random.chance(0.5) ? random.below(LENGTHS) : 48 + random.below(64)
  const variable = numbers(random, precision, length)
  const squares = numbers(random, precision, length).map(Math.abs)
  const accumulator = random.chance(0.05) ? lowered(random, precision, squares, options.epsilon) : squares
  const gradient = numbers(random, precision, length)
  const input = { variable, accumulator, gradient, options }
  return typed(random, precision, random.chance(0.6) ? tightened(random, precision, input) : input)
}

/** A case while its numbers are still being chosen. */
interface Draft {
  readonly variable: readonly number[]
  readonly accumulator: readonly number[]
  readonly gradient: readonly number[]
  readonly options: Options
}

function typed(random: Random, precision: Precision, { variable, accumulator, gradient, options }: Draft): Case {
  return {
    variable: arrayOf(precision, variable, random.below(4)),
    accumulator: arrayOf(precision, accumulator, random.below(4)),
    gradient: arrayOf(precision, gradient, random.below(4)),
    options,
  }
}

function ordinaryOptions(random: Random): Options {
  return {
    learningRate: random.chance(0.5) ? random.pick([1e-3, 0.01, 0.1, 1, 30]) : 10 ** random.between(-4, 2),
    epsilon: random.pick([1e-7, 1e-7, 1e-10, 0, 1e-3]),
    variableRelativeThreshold: random.chance(0.5)
      ? random.pick([0.1, 1e-3, 1e-6, 1e-8, 1, 1.5])
      : 10 ** random.between(-8, 0.3),
    accumulatorRelativeThreshold: random.chance(0.6) ? 0 : 10 ** random.between(-8, 0),
    absoluteThreshold: random.chance(0.5) ? random.pick([0, 1e-7, 1e-3, 0.01]) : 10 ** random.between(-10, 0),
    ...modes[random.pick(['delayed', 'clipped', 'standard'] as const)],
  }
}

function edgeOptions(random: Random): Options {
  return {
    learningRate: random.pick(learningRates),
    epsilon: random.pick(epsilons),
    variableRelativeThreshold: random.pick(relativeThresholds),
    accumulatorRelativeThreshold: random.chance(0.5) ? 0 : random.pick(accumulatorThresholds),
    absoluteThreshold: random.pick(absoluteThresholds),
    ...modes[random.pick(['delayed', 'clipped', 'standard'] as const)],
  }
}

/** Any size at all: the exponents are uniform, in the range of the type or in that of a double. */
function scatteredOptions(random: Random, precision: Precision): Options {
  const wide = random.chance(0.5) ? 'float64' : precision
  const threshold = (none: number) => (random.chance(none) ? 0 : anySize(random, wide))
  return {
    learningRate: anySize(random, wide),
    epsilon: threshold(0.3),
    variableRelativeThreshold: threshold(0.2),
    accumulatorRelativeThreshold: threshold(0.5),
    absoluteThreshold: threshold(0.3),
    ...modes[random.pick(['delayed', 'clipped', 'standard'] as const)],
  }
}

function anySize(random: Random, precision: Precision): number {
  const { smallest, largest } = limitsOf(precision)
  const low = Math.log2(smallest)
  const high = Math.log2(largest) - 1
  // Roots and squares leave the normal range around the halves, quarters and eighths of the range of exponents.
  const exponent = random.chance(0.5)
    ? random.between(low, high)
    : (random.below(17) - 8) * (high / 8) + random.between(-16, 16)
  return random.between(1, 2) * 2 ** Math.min(high, Math.max(low, exponent))
}

function numbers(random: Random, precision: Precision, length: number): number[] {
  const kind = random.pick(kinds)
  // All numbers of a band have about one size, which may be any; so the bounds and steps of all coordinates do too.
  const center = anySize(random, precision)
  return Array.from({ length }, () => number(random, precision, kind, center))
}

function number(random: Random, precision: Precision, kind: Kind, center: number): number {
  const { round, smallest, largest } = limitsOf(precision)
  const sign = random.chance(0.5) ? -1 : 1
  switch (kind) {
    case 'ordinary':
      return random.chance(0.05) ? sign * 0 : round(sign * random.between(0.1, 10) * 10 ** -random.below(6))
    case 'bits':
      return finiteFromBits(precision, random.bits(), random.bits())
    case 'band':
      return random.chance(0.02) ? sign * 0 : sign * Math.min(largest, round(center * random.between(0.25, 4)))
    case 'edges':
      return sign * moveByUlps(precision, random.pick(listOfEdges[precision]), random.below(3) - 1)
    case 'subnormal':
      return sign * smallest * random.below(random.chance(0.5) ? 16 : 2 ** 23)
    case 'mixed':
      return number(random, precision, random.pick(kinds), center)
  }
}

/** Some accumulators below 0, with a + ε still above: by a lot, or by next to nothing. */
function lowered(random: Random, precision: Precision, accumulator: readonly number[], epsilon: number): number[] {
  return accumulator.map((a) => {
    const share = random.chance(0.5) ? random.unit() : 1 - 2 ** -random.between(1, 30)
    return random.chance(0.5) ? belowZero(precision, epsilon, share, a) : a
  })
}

/**
 * The case with all coordinates at, or somewhat below, one ratio of Δ to bound: above 1 so that the step is clipped, or
 * just at it so that it barely is.
 */
function tightened(random: Random, precision: Precision, input: Draft): Draft {
  const share = random.chance(0.2) ? 1 : 2 ** random.between(-1, 6)
  const options = random.chance(0.5) ? fitted(input, precision, share) : input.options
  const spread = random.pick([0, 0, 1e-6, 1e-3, 0.5])
  const gradient = input.gradient.map((g, i) => {
    const ulps = random.below(5) - 2
    const own = share * (1 - spread * random.unit())
    const wanted = tightGradient(precision, input.variable[i], input.accumulator[i], options, own, ulps)
    if (!Number.isFinite(wanted)) return g
    return random.chance(0.5) ? wanted : -wanted
  })
  return { ...input, gradient, options }
}

/** With the learning rate at which the first coordinate has that ratio already, so that tight gradients are of its size. */
function fitted({ variable, accumulator, gradient, options }: Draft, precision: Precision, share: number): Options {
  if (variable.length === 0) return options
  const atRateOne = { ...options, learningRate: 1, useStandardAccumulatorUpdate: false }
  const learningRate =
    tightGradient(precision, variable[0], accumulator[0], atRateOne, share, 0) / Math.abs(gradient[0])
  return learningRate > 0 && Number.isFinite(learningRate) ? { ...options, learningRate } : options
}
