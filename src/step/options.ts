import { boolean, nonNegative, plainObject, type Rules, readOptions, settingsOf } from '../shared/check.ts'
import type { Hyperparameters, Thresholds } from './hyperparameters.ts'
import { loopConstants } from './loops/constants.ts'
import { BOUND_SHAVE, isPlain, type Precision } from './precision.ts'
import type { StepOptions } from './types.ts'

/** The options a step reads, all of them. */
type StepSettings = { readonly [Option in keyof StepOptions]-?: NonNullable<StepOptions[Option]> }

/** Of each its check, and the reference's default. */
export const STEP_RULES: Rules<StepSettings> = {
  learningRate: [nonNegative, 0.001],
  epsilon: [nonNegative, 1e-7],
  variableRelativeThreshold: [nonNegative, 0.1],
  accumulatorRelativeThreshold: [nonNegative, 0],
  absoluteThreshold: [requireAbsoluteThreshold, 1e-7],
  clipAccumulatorUpdate: [boolean, false],
  useStandardAccumulatorUpdate: [boolean, false],
}

/** Their names. */
export const STEP_OPTIONS = /* @__PURE__ */ Object.keys(STEP_RULES) as (keyof StepOptions)[]

/** Names that a step does not read but that stand in the same table, so that one object can serve both layers. */
export const OPTIMIZER_ONLY = ['initialAccumulatorValue', 'exportClippingFactors', 'name'] as const

/** Options as they were given, how many of a step's are not undefined, and what they came to. */
interface Prepared {
  readonly given: Readonly<Partial<Record<keyof StepOptions, unknown>>>
  readonly count: number
  readonly h: Hyperparameters
}

/**
 * The options prepared last, for each precision: a training loop gives the same values again and again, and preparing them
 * takes as long as a step on 64 coordinates.
 */
const latest: { Float32Array?: Prepared; Float64Array?: Prepared } = {}

/**
 * Checks the options of a step and prepares them for arrays of one precision.
 *
 * Throws TypeError for what is no options object, an unknown name or a wrong type, RangeError for a wrong value or for both
 * accumulator flags.
 */
export function hyperparameters(options: StepOptions = {}, precision: Precision): Hyperparameters {
  const last = latest[precision.name]
  if (last !== undefined && isAsGiven(options, last)) return last.h
  const read = readOptions('a step', requirePlain(options), [...STEP_OPTIONS, ...OPTIMIZER_ONLY])
  const h = hyperparametersOf(settingsOf(read, STEP_RULES), precision)
  latest[precision.name] = {
    given: { ...read },
    count: STEP_OPTIONS.filter((name) => read[name] !== undefined).length,
    h,
  }
  return h
}

/** Whether `options` is a plain object of the very options that were given before, and no others. */
function isAsGiven(options: StepOptions, { given, count }: Prepared): boolean {
  return (
    options !== null &&
    options.learningRate === given.learningRate &&
    options.epsilon === given.epsilon &&
    options.variableRelativeThreshold === given.variableRelativeThreshold &&
    options.accumulatorRelativeThreshold === given.accumulatorRelativeThreshold &&
    options.absoluteThreshold === given.absoluteThreshold &&
    options.clipAccumulatorUpdate === given.clipAccumulatorUpdate &&
    options.useStandardAccumulatorUpdate === given.useStandardAccumulatorUpdate &&
    Object.getPrototypeOf(options) === Object.prototype &&
    // Any other name, a misspelt one for instance, makes one more.
    namesOf(options) === count
  )
}

/** How many names of its own an object has; this way, since `Object.keys` takes a twentieth of a step on 16 values more. */
function namesOf(options: object): number {
  let count = 0
  for (const name in options) {
    // biome-ignore lint/suspicious/noPrototypeBuiltins: V8 answers this from the loop itself, and Object.hasOwn by a look-up
    if (Object.prototype.hasOwnProperty.call(options, name)) count++
  }
  return count
}

/** Throws TypeError for what is no options object, a bare number for one. */
export function requirePlain(options: unknown): object {
  return plainObject(options, 'options', ', such as { learningRate: 0.1 }')
}

/** What checked settings come to for arrays of one precision. Throws RangeError for both accumulator flags. */
export function hyperparametersOf(given: StepSettings, precision: Precision): Hyperparameters {
  const { learningRate, epsilon, clipAccumulatorUpdate, useStandardAccumulatorUpdate } = given
  refuseBothAccumulatorFlags(clipAccumulatorUpdate, useStandardAccumulatorUpdate)
  const thresholds = {
    relative: given.variableRelativeThreshold,
    accumulatorRelative: given.accumulatorRelativeThreshold,
    absolute: given.absoluteThreshold,
  }
  const h = {
    precision,
    learningRate,
    epsilon,
    clips: thresholds.absolute < Infinity,
    clipAccumulatorUpdate,
    useStandardAccumulatorUpdate,
    thresholds,
    forFactor: lowered(thresholds, precision.shave),
    forBound: lowered(thresholds, BOUND_SHAVE),
    normal: Object.values(thresholds).every(isPlain),
  }
  return { ...h, loops: loopConstants(h) }
}

/** Checks an absoluteThreshold: finite and ≥ 0, or Infinity for no clipping. */
export function requireAbsoluteThreshold(value: unknown, what: string): number {
  return value === Infinity ? value : nonNegative(value, what)
}

export function refuseBothAccumulatorFlags(clip: boolean, standard: boolean): void {
  if (clip && standard) {
    throw new RangeError(
      'clipAccumulatorUpdate and useStandardAccumulatorUpdate are both true; set at most one: in standard mode the accumulator is updated before the factor is known',
    )
  }
}

function lowered({ relative, accumulatorRelative, absolute }: Thresholds, by: number): Thresholds {
  const keep = 1 - by
  return {
    relative: relative * keep,
    accumulatorRelative: accumulatorRelative * keep,
    absolute: absolute * keep,
  }
}
