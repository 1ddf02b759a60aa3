import fc from 'fast-check'
import type { ClippyAdagrad, ClippyAdagradOptions } from '../../../src/index.ts'
import { modes } from '../../support/case.ts'
import { anyRate, learningRateOf, type Rate } from './rates.ts'

/** Every option of a ClippyAdagrad, in a form that a twin can read as well. */
export interface Settings {
  readonly rate: Rate
  readonly weightDecay: number | null
  readonly clipping: { readonly option: 'clipnorm' | 'globalClipnorm' | 'clipvalue'; readonly limit: number } | null
  readonly ema: { readonly momentum: number; readonly every: number | null } | null
  readonly nonFiniteGradients: 'throw' | 'skip'
  readonly start: number
  readonly relative: number
  readonly accumulatorRelative: number
  readonly absolute: number
  readonly epsilon: number
  readonly exports: boolean
  readonly mode: keyof typeof modes
}

export function optionsOf(settings: Settings): ClippyAdagradOptions {
  const { clipping, ema } = settings
  return {
    learningRate: learningRateOf(settings.rate),
    weightDecay: settings.weightDecay,
    ...(clipping === null ? {} : { [clipping.option]: clipping.limit }),
    ...(ema === null ? {} : { useEma: true, emaMomentum: ema.momentum, emaOverwriteFrequency: ema.every }),
    nonFiniteGradients: settings.nonFiniteGradients,
    initialAccumulatorValue: settings.start,
    variableRelativeThreshold: settings.relative,
    accumulatorRelativeThreshold: settings.accumulatorRelative,
    absoluteThreshold: settings.absolute,
    epsilon: settings.epsilon,
    exportClippingFactors: settings.exports,
    ...modes[settings.mode],
  }
}

/** Every attribute but the rate, as the settings have it; those that shape the state come first. */
function attributesOf(settings: Settings): Partial<Record<keyof ClippyAdagrad, unknown>> {
  const { learningRate: _rate, ...options } = optionsOf(settings)
  return {
    ...{ useEma: false, emaMomentum: 0.99, emaOverwriteFrequency: null },
    ...{ clipnorm: null, clipvalue: null, globalClipnorm: null },
    ...{ clipAccumulatorUpdate: false, useStandardAccumulatorUpdate: false },
    ...options,
  }
}

/** Sets the attributes that differ, one after the other: what is switched off goes first, as two of a kind are refused. */
export function setAttributes(optimizer: ClippyAdagrad, settings: Settings): void {
  const attributes = Object.entries(attributesOf(settings))
  const isOff = (value: unknown) => value === null || value === false
  for (const [name, value] of [...attributes.filter(([, v]) => isOff(v)), ...attributes.filter(([, v]) => !isOff(v))]) {
    const attribute = name as 'epsilon'
    if (optimizer[attribute] !== value) optimizer[attribute] = value as number
  }
}

const clipping = fc.record({
  option: fc.constantFrom('clipnorm' as const, 'globalClipnorm' as const, 'clipvalue' as const),
  limit: fc.constantFrom(0.3, 3),
})

/** Settings with which an optimizer trains: every branch, no extreme number. */
const arbitraries: { readonly [Name in keyof Settings]: fc.Arbitrary<Settings[Name]> } = {
  rate: anyRate,
  weightDecay: fc.constantFrom(null, null, 0, 0.01, 0.1),
  clipping: fc.option(clipping),
  ema: fc.option(fc.record({ momentum: fc.constantFrom(0, 0.5, 0.9, 0.99, 1), every: fc.constantFrom(null, 1, 2, 3) })),
  nonFiniteGradients: fc.constantFrom('throw' as const, 'skip' as const),
  start: fc.constantFrom(0.1, 1, 0, -0),
  relative: fc.constantFrom(0.1, 0.1, 0.5, 0.5, 1e-3, 0),
  accumulatorRelative: fc.constantFrom(0, 0, 1e-3, 0.1),
  absolute: fc.constantFrom(0.01, 0.01, 0.1, 0.1, 1, 1e-7, 0, Number.POSITIVE_INFINITY),
  epsilon: fc.constantFrom(1e-7, 1e-3),
  exports: fc.boolean(),
  mode: fc.constantFrom('delayed' as const, 'clipped' as const, 'standard' as const),
}

export const anySettings: fc.Arbitrary<Settings> = fc.record(arbitraries)

/** One setting other than the rate, to be changed on the way. */
export const anyChange: fc.Arbitrary<Partial<Settings>> = fc.oneof(
  ...Object.entries(arbitraries)
    .filter(([name]) => name !== 'rate')
    .map(([name, arbitrary]) => arbitrary.map((value): Partial<Settings> => ({ [name]: value }))),
)
