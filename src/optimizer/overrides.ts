import { array, type Check, nonNegative, readOptions, refuseKind } from '../shared/check.ts'
import { requireAbsoluteThreshold } from '../step/index.ts'
import { readInfinity, thresholdsConfig } from './config.ts'
import { matcherOf, type NamePattern, readPattern } from './name-patterns.ts'
import type { Variable } from './variable.ts'

/** What may be set for some variables. */
export interface VariableSettings {
  /** The variable's learning rate is the optimizer's times this, in weight decay too; finite, ≥ 0. */
  readonly learningRateMultiplier?: number | undefined
  /** In place of the optimizer's option. */
  readonly variableRelativeThreshold?: number | undefined
  /** In place of the optimizer's option. */
  readonly accumulatorRelativeThreshold?: number | undefined
  /** In place of the optimizer's option. */
  readonly absoluteThreshold?: number | undefined
  /** In place of the optimizer's option; `excludeFromWeightDecay` exempts all the same. */
  readonly weightDecay?: number | undefined
}

/** Those of a variable that no override names. */
export const NO_SETTINGS: VariableSettings = {}

/** Settings for the variables whose names the patterns find. */
export interface Override extends VariableSettings {
  /** Regular expressions, as text or RegExp, searched in a variable's name. */
  readonly varNames: readonly NamePattern[]
}

const CHECKS: Readonly<Record<keyof VariableSettings, Check<number>>> = {
  learningRateMultiplier: nonNegative,
  variableRelativeThreshold: nonNegative,
  accumulatorRelativeThreshold: nonNegative,
  absoluteThreshold: requireAbsoluteThreshold,
  weightDecay: nonNegative,
}

/** Copies of the overrides, checked. Throws TypeError or RangeError that names the entry. */
export function readOverrides(given: unknown): readonly Override[] {
  if (given === undefined || given === null) return []
  const names = Object.keys(CHECKS) as (keyof VariableSettings)[]
  return array(given, 'overrides').map((entry, k) => {
    const what = `overrides[${k}]`
    const { varNames, ...settings } = readOptions(what, entry, ['varNames', ...names])
    if (!Array.isArray(varNames) || varNames.length === 0) {
      refuseKind(varNames, `${what}.varNames`, "a list of patterns, such as ['bias$']")
    }
    const override: { -readonly [Key in keyof Override]: Override[Key] } = {
      varNames: varNames.map((pattern, n) => readPattern(pattern, `${what}.varNames[${n}]`)),
    }
    readInfinity(settings)
    for (const name of names) {
      const value = settings[name]
      if (value !== undefined) override[name] = CHECKS[name](value, `${what}.${name}`)
    }
    return override
  })
}

/** What the overrides say of a variable: of several that match, the last that gives a setting gives it. */
export function settingsOf(variable: Variable, overrides: readonly Override[]): VariableSettings {
  let settings = NO_SETTINGS
  for (const { varNames, ...given } of overrides) {
    if (varNames.some(matcherOf(variable.name))) settings = { ...settings, ...given }
  }
  return settings
}

/** The patterns that find none of these names, as text. */
export function unmatchedPatterns(names: readonly string[], overrides: readonly Override[]): string[] {
  const patterns = overrides.flatMap(({ varNames }) => varNames)
  return patterns.filter((pattern) => !names.some((name) => matcherOf(name)(pattern))).map(String)
}

/** The overrides as plain JSON data. */
export function overridesConfig(overrides: readonly Override[]): unknown[] {
  return overrides.map(({ varNames, ...settings }) => ({
    varNames: varNames.map((pattern) =>
      typeof pattern === 'string' ? pattern : { source: pattern.source, flags: pattern.flags },
    ),
    ...thresholdsConfig(settings),
  }))
}
