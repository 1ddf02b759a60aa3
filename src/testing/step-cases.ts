import type fc from 'fast-check'
import { describe } from '../shared/check.ts'
import { type FloatArray, floatsOf, type Precision } from './float.ts'
import { anyFiniteFloat, ordinaryFloat } from './floats.ts'
import { hostileOptions, ordinaryOptions, type StepCaseOptions } from './settings.ts'
import { tightGradient } from './tight.ts'

/** Input of one step: arrays of one length from 0 to 33, an accumulator without negative numbers, and every option. */
export interface StepCase<Floats extends FloatArray = FloatArray> {
  /** The weights. */
  readonly variable: Floats
  /** The accumulator that belongs to them. */
  readonly accumulator: Floats
  /** A dense gradient. */
  readonly gradient: Floats
  /** The options of the step, as `step`, `new ClippyAdagrad` and `boundViolation` take them. */
  readonly options: StepCaseOptions
}

/** What cases to make. */
export interface StepCasesOptions<Of extends Precision = Precision> {
  /** The type of all three arrays. */
  readonly precision: Of
  /**
   * 'ordinary': numbers and options as in training. 'hostile': any finite number, the smallest and the largest too, and
   * options that may be 0, subnormal or larger than a float32.
   */
  readonly domain: 'ordinary' | 'hostile'
}

/**
 * An arbitrary of inputs for a step, made with your own fast-check, version 3 or 4: `fc.property(stepCases(fc, …), …)`.
 *
 * In most cases the gradients are chosen so that every coordinate ends right at its bound, where rounding shows: random
 * numbers come within an ulp of it too seldom. Steps that are not clipped, not possible (a bound of 0) and without a
 * gradient are among the others. Each case has arrays of its own, so that a step may write to them.
 *
 * Throws TypeError if the first argument is not fast-check, RangeError for another precision or domain.
 */
export function stepCases(
  fastCheck: typeof fc,
  options: StepCasesOptions<'float32'>,
): fc.Arbitrary<StepCase<Float32Array>>
export function stepCases(
  fastCheck: typeof fc,
  options: StepCasesOptions<'float64'>,
): fc.Arbitrary<StepCase<Float64Array>>
export function stepCases(fastCheck: typeof fc, options: StepCasesOptions): fc.Arbitrary<StepCase>
export function stepCases(fastCheck: typeof fc, options: StepCasesOptions): fc.Arbitrary<StepCase> {
  requireFastCheck(fastCheck)
  // Whoever leaves the options out is told what the first of them may be.
  const { precision, domain } = Object(options) as StepCasesOptions
  requireOneOf(precision, ['float32', 'float64'], 'precision')
  requireOneOf(domain, ['ordinary', 'hostile'], 'domain')
  const ordinary = { float: ordinaryFloat(fastCheck, precision), options: ordinaryOptions(fastCheck) }
  if (domain === 'ordinary') return casesOf(fastCheck, precision, ordinary)
  const hostile = { float: anyFiniteFloat(fastCheck, precision), options: hostileOptions(fastCheck) }
  return fastCheck.oneof(
    casesOf(fastCheck, precision, hostile),
    casesOf(fastCheck, precision, { ...hostile, options: ordinary.options }),
    casesOf(fastCheck, precision, { ...hostile, float: ordinary.float }),
  )
}

interface Parts {
  readonly float: fc.Arbitrary<number>
  readonly options: fc.Arbitrary<StepCaseOptions>
}

/** How many times its bound the Δ of every coordinate is; null leaves the gradients as they are drawn. */
const SHARES = [null, 1, 1.5, 2, 7, 64]

/** The most coordinates: one more than the widest block that a loop may work in. */
const LONGEST = 33

function casesOf(fastCheck: typeof fc, precision: Precision, { float, options }: Parts): fc.Arbitrary<StepCase> {
  const coordinate = fastCheck.record({
    w: float,
    a: float.map(Math.abs),
    g: float,
    ulps: fastCheck.integer({ min: -2, max: 2 }),
  })
  const coordinates = fastCheck.array(coordinate, { maxLength: LONGEST, size: 'max' })
  return fastCheck.tuple(options, coordinates, fastCheck.constantFrom(...SHARES)).map(([set, list, share]) => {
    const gradient = list.map(({ w, a, g, ulps }) => {
      if (share === null) return g
      const tight = tightGradient(precision, w, a, set, share, ulps)
      // Where the bound is 0 the drawn gradient stays, and the whole step has to.
      if (tight === 0 || !Number.isFinite(tight)) return g
      return g < 0 ? -tight : tight
    })
    return {
      variable: floatsOf(
        precision,
        list.map(({ w }) => w),
      ),
      accumulator: floatsOf(
        precision,
        list.map(({ a }) => a),
      ),
      gradient: floatsOf(precision, gradient),
      options: set,
    }
  })
}

function requireFastCheck(given: unknown): void {
  const { record, oneof } = Object(given) as Partial<typeof fc>
  if (typeof record === 'function' && typeof oneof === 'function') return
  throw new TypeError(
    `the first argument is ${describe(given)}; expected fast-check 3 or 4, its default export: stepCases(fc, { … })`,
  )
}

function requireOneOf(value: unknown, known: readonly string[], name: string): void {
  if (typeof value === 'string' && known.includes(value)) return
  const words = known.map((word) => `'${word}'`).join(' or ')
  throw new RangeError(`${name} is ${describe(value)}; expected ${words}`)
}
