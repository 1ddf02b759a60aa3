import { boolean, nonNegative, type Rules, settingsOf } from '../shared/check.ts'
import { refuseBothAccumulatorFlags, STEP_RULES, type StepOptions } from '../step/index.ts'
import type { OptimizerOptions } from './options.ts'
import type { Override } from './overrides.ts'

/** The reference's options; each has its default. */
export interface ClippyAdagradOptions extends OptimizerOptions, Omit<StepOptions, 'learningRate'> {
  /** Where accumulators start; finite, ≥ 0; 0.1. */
  readonly initialAccumulatorValue?: number | undefined
  /** Keep each variable's last factor in `clippingFactors`; false. */
  readonly exportClippingFactors?: boolean | undefined
  /** Settings for some variables; none. */
  readonly overrides?: readonly Override[] | undefined
}

/** What `ClippyAdagrad` takes beside the options of every optimizer, checked, but for the overrides. */
export type ClippySettings = {
  [Option in Exclude<keyof ClippyAdagradOptions, keyof OptimizerOptions | 'overrides'>]-?: Exclude<
    ClippyAdagradOptions[Option],
    undefined
  >
}

/** Their checks and defaults, in the order of Keras's configs. */
export function clippyRules(): Rules<ClippySettings> {
  const { learningRate, epsilon, clipAccumulatorUpdate, useStandardAccumulatorUpdate, ...thresholds } = STEP_RULES
  return {
    initialAccumulatorValue: [nonNegative, 0.1],
    ...thresholds,
    epsilon,
    exportClippingFactors: [boolean, false],
    clipAccumulatorUpdate,
    useStandardAccumulatorUpdate,
  }
}

/** The settings that the given options make; undefined means the default. Throws TypeError or RangeError. */
export function readClippySettings(given: Readonly<Partial<Record<keyof ClippySettings, unknown>>>): ClippySettings {
  const settings = settingsOf(given, clippyRules())
  refuseBothAccumulatorFlags(settings.clipAccumulatorUpdate, settings.useStandardAccumulatorUpdate)
  return settings
}
