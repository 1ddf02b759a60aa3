import { boolean, describe, integerFrom, nonNegative, positive, string, within } from '../shared/check.ts'
import type { GradientClipping } from './clip-gradients.ts'
import { type LearningRate, readLearningRate } from './learning-rate.ts'

/** Options of every optimizer; Keras's words in camelCase, and its defaults. `null` means the same as leaving an option out. */
export interface OptimizerOptions {
  /** Number ≥ 0, schedule or function of the step; 0.001. */
  readonly learningRate?: LearningRate | undefined
  /** For messages and the names of slots; the name of the class. */
  readonly name?: string | undefined
  /** Decoupled weight decay, w ← w − w · weightDecay · learningRate before the update, on every row; finite, ≥ 0; none. */
  readonly weightDecay?: number | null | undefined
  /** Largest norm of each gradient by itself, > 0; none. At most one of the three clip options may be given. */
  readonly clipnorm?: number | null | undefined
  /** Largest magnitude of a gradient's values, > 0; none. */
  readonly clipvalue?: number | null | undefined
  /** Largest norm of all gradients together, > 0; none. */
  readonly globalClipnorm?: number | null | undefined
  /** Keep an exponential moving average of each variable; false. */
  readonly useEma?: boolean | undefined
  /** Share of the old average that is kept, in [0, 1]; 0.99. */
  readonly emaMomentum?: number | undefined
  /** Overwrite the variables with their averages every so many steps, a whole number ≥ 1; never. */
  readonly emaOverwriteFrequency?: number | null | undefined
  /** What to do about NaN or ±Infinity in a gradient: throw, or let the whole step do nothing; 'throw'. */
  readonly nonFiniteGradients?: 'throw' | 'skip' | undefined
}

/** The names of the options above. */
export const OPTIMIZER_OPTIONS = [
  'learningRate',
  'name',
  'weightDecay',
  'clipnorm',
  'clipvalue',
  'globalClipnorm',
  'useEma',
  'emaMomentum',
  'emaOverwriteFrequency',
  'nonFiniteGradients',
] as const satisfies readonly (keyof OptimizerOptions)[]

/** What to say about options that other libraries have. */
export const OPTION_HINTS: Readonly<Record<string, string>> = {
  lr: 'write learningRate',
  decay: 'give a schedule as learningRate, such as InverseTimeDecay',
}

/** Options of every optimizer, checked. */
export interface OptimizerSettings {
  readonly learningRate: LearningRate
  readonly name: string
  readonly weightDecay: number | null
  readonly clipping: GradientClipping
  readonly useEma: boolean
  readonly emaMomentum: number
  readonly emaOverwriteFrequency: number | null
  readonly nonFiniteGradients: 'throw' | 'skip'
}

/** Throws TypeError for a wrong kind, RangeError for a wrong value or for two clip options. */
export function readSettings(
  options: Partial<Record<keyof OptimizerOptions, unknown>>,
  className: string,
): OptimizerSettings {
  const useEma = boolean(options.useEma ?? false, 'useEma')
  return {
    learningRate: readLearningRate(options.learningRate === undefined ? 0.001 : options.learningRate),
    name: string(options.name ?? className, 'name'),
    weightDecay: optional(options.weightDecay, (value) => nonNegative(value, 'weightDecay')),
    clipping: readClipping(options),
    useEma,
    emaMomentum: within(options.emaMomentum === undefined ? 0.99 : options.emaMomentum, 0, 1, 'emaMomentum'),
    emaOverwriteFrequency: optional(options.emaOverwriteFrequency, (value) =>
      integerFrom(value, 1, 'emaOverwriteFrequency'),
    ),
    nonFiniteGradients: readNonFinite(options.nonFiniteGradients ?? 'throw'),
  }
}

/** The limit that a kind of clipping has in these settings; null where it is another kind or none. */
export function clippingLimit(clipping: GradientClipping, kind: GradientClipping['kind']): number | null {
  return clipping.kind !== 'none' && clipping.kind === kind ? clipping.limit : null
}

function readClipping(options: Partial<Record<keyof OptimizerOptions, unknown>>): GradientClipping {
  const given = (
    [
      ['clipnorm', 'norm'],
      ['globalClipnorm', 'globalNorm'],
      ['clipvalue', 'value'],
    ] as const
  ).filter(([option]) => options[option] !== undefined && options[option] !== null)
  if (given.length > 1) {
    const values = given.map(([option]) => `${option} = ${describe(options[option])}`)
    throw new RangeError(`at most one of clipnorm, globalClipnorm and clipvalue may be given; got ${values.join(', ')}`)
  }
  const [first] = given
  if (first === undefined) return { kind: 'none' }
  const [option, kind] = first
  return { kind, limit: positive(options[option], option) }
}

function readNonFinite(given: unknown): 'throw' | 'skip' {
  if (given === 'throw' || given === 'skip') return given
  const message = `nonFiniteGradients is ${describe(given)}; expected 'throw' or 'skip'`
  throw typeof given === 'string' ? new RangeError(message) : new TypeError(message)
}

function optional<Value>(given: unknown, read: (value: unknown) => Value): Value | null {
  return given === undefined || given === null ? null : read(given)
}
