import { nonNegative, readOptions } from '../shared/check.ts'
import type { BoundNumbers } from './exact-bound.ts'

/** The options that a bound depends on; the names and defaults of `step` and `ClippyAdagrad`. Finite and ≥ 0. */
export interface BoundOptions {
  /** Share of |variable| that a step may move it; 0.1. */
  readonly variableRelativeThreshold?: number | undefined
  /** Multiple of 1/√(accumulator + epsilon) that a step may move a coordinate; 0. */
  readonly accumulatorRelativeThreshold?: number | undefined
  /** What a step may move any coordinate; 1e-7. `Infinity` allows everything. */
  readonly absoluteThreshold?: number | undefined
  /** Added to the accumulator under the square root; 1e-7. */
  readonly epsilon?: number | undefined
}

const DEFAULTS: BoundNumbers = {
  variableRelativeThreshold: 0.1,
  accumulatorRelativeThreshold: 0,
  absoluteThreshold: 1e-7,
  epsilon: 1e-7,
}

const THRESHOLDS = ['variableRelativeThreshold', 'accumulatorRelativeThreshold', 'absoluteThreshold'] as const

/** What else an optimizer's config or the options of a step may hold. None of it is looked at. */
const NOT_OF_THE_BOUND = [
  'learningRate',
  'initialAccumulatorValue',
  'exportClippingFactors',
  'clipAccumulatorUpdate',
  'useStandardAccumulatorUpdate',
  'name',
  'weightDecay',
  'clipnorm',
  'clipvalue',
  'globalClipnorm',
  'useEma',
  'emaMomentum',
  'emaOverwriteFrequency',
  'nonFiniteGradients',
] as const

/**
 * The numbers of the bound from options or from a whole config. An unknown name is a TypeError, because a misspelt
 * threshold would otherwise be checked with its default.
 */
export function readBoundOptions(given: unknown): BoundNumbers {
  const known = [...THRESHOLDS, 'epsilon', ...NOT_OF_THE_BOUND, 'overrides'] as const
  const { overrides, ...options } = readOptions('boundViolation', given, known)
  refuseThresholdsByName(overrides)
  const number = (name: keyof BoundNumbers) => {
    const value = options[name]
    return value === undefined ? DEFAULTS[name] : nonNegative(value, name)
  }
  const { absoluteThreshold: absolute } = options
  // JSON has no Infinity, so a config holds the word.
  const unlimited = absolute === Number.POSITIVE_INFINITY || absolute === 'Infinity'
  return {
    variableRelativeThreshold: number('variableRelativeThreshold'),
    accumulatorRelativeThreshold: number('accumulatorRelativeThreshold'),
    absoluteThreshold: unlimited ? Number.POSITIVE_INFINITY : number('absoluteThreshold'),
    epsilon: number('epsilon'),
  }
}

/** A config may give variables thresholds of their own, by name, and an array has no name. */
function refuseThresholdsByName(overrides: unknown): void {
  const list: readonly unknown[] = Array.isArray(overrides) ? overrides : []
  for (const override of list) {
    const set = Object.keys(Object(override))
    const name = THRESHOLDS.find((threshold) => set.includes(threshold))
    if (name === undefined) continue
    throw new TypeError(
      `options.overrides sets ${name} for some variables, and an array has no name to look up; ` +
        'pass the thresholds of this variable, without overrides',
    )
  }
}
