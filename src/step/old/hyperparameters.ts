import { boolean, nonNegative } from '../../shared/check.ts'
import { BOUND_SHAVE, isPlain, type Precision } from '../precision.ts'
import type { StepOptions } from '../types.ts'

/** The reference's default for every option that a step reads. */
export const STEP_DEFAULTS: Readonly<{ [Option in keyof StepOptions]-?: NonNullable<StepOptions[Option]> }> = {
  learningRate: 0.001,
  epsilon: 1e-7,
  variableRelativeThreshold: 0.1,
  accumulatorRelativeThreshold: 0,
  absoluteThreshold: 1e-7,
  clipAccumulatorUpdate: false,
  useStandardAccumulatorUpdate: false,
}

/** The three thresholds of a bound: relative · |w| + accumulatorRelative / √q + absolute. */
export interface Thresholds {
  readonly relative: number
  readonly accumulatorRelative: number
  readonly absolute: number
}

/** The options of a call, checked, with the thresholds lowered as far as each use of them needs. */
export interface Hyperparameters {
  readonly precision: Precision
  readonly learningRate: number
  readonly epsilon: number
  /** False where absoluteThreshold is Infinity: plain Adagrad. */
  readonly clips: boolean
  readonly clipAccumulatorUpdate: boolean
  readonly useStandardAccumulatorUpdate: boolean
  /** As given. */
  readonly thresholds: Thresholds
  /** Lowered by precision.shave: the factor is worked out with these. */
  readonly forFactor: Thresholds
  /** Lowered by BOUND_SHAVE, more than the rounding of the bound's own five operations: never above the real bound. */
  readonly forBound: Thresholds
  /** For the first pass: as `forFactor`; without clipping any finite thresholds do, since only its checks count. */
  readonly forFirstPass: Thresholds
  /** For the tests of the SIMD kernel, in its precision; NaN where it must leave every coordinate to the careful path. */
  readonly forKernel: Thresholds
  /** The rate that the first pass tests with: 0 without clipping, so that every finite coordinate passes. */
  readonly testedLearningRate: number
  /** False where a threshold is so small that a double cannot lower it by a few ulps (subnormal or nearly so). */
  readonly normal: boolean
}

/** One object for all calls that give no options. */
export const NO_OPTIONS: StepOptions = {}

/** What the first pass tests with where nothing is clipped. */
export const UNCLIPPED: Thresholds = { relative: 0, accumulatorRelative: 0, absolute: 1 }

/** The options prepared last, by precision: a training loop passes the same object again and again. */
const latest = /* @__PURE__ */ new Map<Precision, { readonly options: StepOptions; readonly h: Hyperparameters }>()

/**
 * Checks the options of a step and prepares them for buffers of one precision.
 *
 * Throws TypeError for an unknown name or a wrong type, RangeError for a wrong value or for both accumulator flags.
 */
export function hyperparameters(options: StepOptions, precision: Precision): Hyperparameters {
  const last = latest.get(precision)
  if (last !== undefined && last.options === options && isAsPrepared(options, last.h)) return last.h
  const h = prepared(options, precision)
  latest.set(precision, { options, h })
  return h
}

/** Whether nobody has changed the options since. */
function isAsPrepared(options: StepOptions, h: Hyperparameters): boolean {
  const given = withDefaults(options)
  const { thresholds } = h
  return (
    given.learningRate === h.learningRate &&
    given.epsilon === h.epsilon &&
    given.variableRelativeThreshold === thresholds.relative &&
    given.accumulatorRelativeThreshold === thresholds.accumulatorRelative &&
    given.absoluteThreshold === thresholds.absolute &&
    given.clipAccumulatorUpdate === h.clipAccumulatorUpdate &&
    given.useStandardAccumulatorUpdate === h.useStandardAccumulatorUpdate
  )
}

/** The options a step reads, still unchecked; what is undefined has its default. */
function withDefaults({
  learningRate = STEP_DEFAULTS.learningRate,
  epsilon = STEP_DEFAULTS.epsilon,
  variableRelativeThreshold = STEP_DEFAULTS.variableRelativeThreshold,
  accumulatorRelativeThreshold = STEP_DEFAULTS.accumulatorRelativeThreshold,
  absoluteThreshold = STEP_DEFAULTS.absoluteThreshold,
  clipAccumulatorUpdate = STEP_DEFAULTS.clipAccumulatorUpdate,
  useStandardAccumulatorUpdate = STEP_DEFAULTS.useStandardAccumulatorUpdate,
}: StepOptions): typeof STEP_DEFAULTS {
  return {
    learningRate,
    epsilon,
    variableRelativeThreshold,
    accumulatorRelativeThreshold,
    absoluteThreshold,
    clipAccumulatorUpdate,
    useStandardAccumulatorUpdate,
  }
}

function prepared(options: StepOptions, precision: Precision): Hyperparameters {
  refuseUnknown(options)
  const {
    learningRate,
    epsilon,
    variableRelativeThreshold: relative,
    accumulatorRelativeThreshold: accumulatorRelative,
    absoluteThreshold: absolute,
    clipAccumulatorUpdate,
    useStandardAccumulatorUpdate,
  } = withDefaults(options)
  nonNegative(learningRate, 'learningRate')
  nonNegative(epsilon, 'epsilon')
  nonNegative(relative, 'variableRelativeThreshold')
  nonNegative(accumulatorRelative, 'accumulatorRelativeThreshold')
  requireAbsoluteThreshold(absolute)
  boolean(clipAccumulatorUpdate, 'clipAccumulatorUpdate')
  boolean(useStandardAccumulatorUpdate, 'useStandardAccumulatorUpdate')
  refuseBothAccumulatorFlags(clipAccumulatorUpdate, useStandardAccumulatorUpdate)
  const clips = absolute < Number.POSITIVE_INFINITY
  const forFactor = lowered(relative, accumulatorRelative, absolute, precision.shave)
  const forKernel = {
    relative: precision.kernelThreshold(relative),
    accumulatorRelative: precision.kernelThreshold(accumulatorRelative),
    absolute: precision.kernelThreshold(absolute),
  }
  return {
    precision,
    learningRate,
    epsilon,
    clips,
    clipAccumulatorUpdate,
    useStandardAccumulatorUpdate,
    thresholds: { relative, accumulatorRelative, absolute },
    forFactor,
    forBound: lowered(relative, accumulatorRelative, absolute, BOUND_SHAVE),
    forFirstPass: clips ? forFactor : UNCLIPPED,
    forKernel,
    testedLearningRate: clips ? learningRate : 0,
    normal: isPlain(relative) && isPlain(accumulatorRelative) && isPlain(absolute),
  }
}

/** Checks an absoluteThreshold: finite and ≥ 0, or Infinity for no clipping. */
export function requireAbsoluteThreshold(value: unknown): number {
  return value === Number.POSITIVE_INFINITY ? value : nonNegative(value, 'absoluteThreshold')
}

export function refuseBothAccumulatorFlags(clip: boolean, standard: boolean): void {
  if (clip && standard) {
    throw new RangeError(
      'clipAccumulatorUpdate and useStandardAccumulatorUpdate are both true; a clipped update needs the factor, which standard mode knows only after the accumulator is updated: set at most one of them',
    )
  }
}

function lowered(relative: number, accumulatorRelative: number, absolute: number, by: number): Thresholds {
  const keep = 1 - by
  return {
    relative: relative * keep,
    accumulatorRelative: accumulatorRelative * keep,
    absolute: absolute * keep,
  }
}

/** Options that a step does not read but that belong to the same table, so that one object can serve both layers. */
const OPTIMIZER_ONLY: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'initialAccumulatorValue',
  'exportClippingFactors',
  'name',
])

function refuseUnknown(options: StepOptions): void {
  for (const key in options) {
    if (!Object.hasOwn(STEP_DEFAULTS, key) && !OPTIMIZER_ONLY.has(key)) {
      throw new TypeError(`a step has no option ${key}; known options: ${Object.keys(STEP_DEFAULTS).join(', ')}`)
    }
  }
}
