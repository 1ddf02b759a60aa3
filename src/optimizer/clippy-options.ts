import { boolean, nonNegative } from '../shared/check.ts'
import { refuseBothAccumulatorFlags, requireAbsoluteThreshold, STEP_DEFAULTS, type StepOptions } from '../step/index.ts'
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
export interface ClippySettings {
  initialAccumulatorValue: number
  variableRelativeThreshold: number
  accumulatorRelativeThreshold: number
  absoluteThreshold: number
  epsilon: number
  exportClippingFactors: boolean
  clipAccumulatorUpdate: boolean
  useStandardAccumulatorUpdate: boolean
}

/** The names of those, and `overrides`. */
export const CLIPPY_OPTIONS = [
  'initialAccumulatorValue',
  'variableRelativeThreshold',
  'accumulatorRelativeThreshold',
  'absoluteThreshold',
  'epsilon',
  'exportClippingFactors',
  'clipAccumulatorUpdate',
  'useStandardAccumulatorUpdate',
  'overrides',
] as const satisfies readonly (keyof ClippyAdagradOptions)[]

/** The settings that the given options make; undefined means the default. Throws TypeError or RangeError. */
export function readClippySettings(given: Readonly<Partial<Record<keyof ClippySettings, unknown>>>): ClippySettings {
  const defaults = { ...STEP_DEFAULTS, initialAccumulatorValue: 0.1, exportClippingFactors: false }
  const chosen = (option: keyof ClippySettings): unknown =>
    given[option] === undefined ? defaults[option] : given[option]
  const number = (option: keyof ClippySettings): number => nonNegative(chosen(option), option)
  const flag = (option: keyof ClippySettings): boolean => boolean(chosen(option), option)
  const settings = {
    initialAccumulatorValue: number('initialAccumulatorValue'),
    variableRelativeThreshold: number('variableRelativeThreshold'),
    accumulatorRelativeThreshold: number('accumulatorRelativeThreshold'),
    absoluteThreshold: requireAbsoluteThreshold(chosen('absoluteThreshold')),
    epsilon: number('epsilon'),
    exportClippingFactors: flag('exportClippingFactors'),
    clipAccumulatorUpdate: flag('clipAccumulatorUpdate'),
    useStandardAccumulatorUpdate: flag('useStandardAccumulatorUpdate'),
  }
  refuseBothAccumulatorFlags(settings.clipAccumulatorUpdate, settings.useStandardAccumulatorUpdate)
  return settings
}
