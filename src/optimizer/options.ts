import {
  boolean,
  describe,
  nonNegative,
  orNull,
  positive,
  positiveInteger,
  type Rules,
  refuseKind,
  refuseValue,
  share,
  string,
} from '../shared/check.ts'
import type { LearningRate } from './learning-rate.ts'

/** Options of every optimizer; Keras's words in camelCase, and its defaults. `null` means the same as leaving an option out. */
export interface OptimizerOptions {
  /** Number ≥ 0, schedule or function of the step; 0.001. */
  readonly learningRate?: LearningRate | undefined
  /** For messages and the names of slots; the name of the class. */
  readonly name?: string | undefined
  /**
   * Decoupled weight decay, w ← w − w · weightDecay · learningRate before the update, on every row; finite, ≥ 0; none. Where
   * the product of the two is above 2 a step is refused.
   */
  readonly weightDecay?: number | null | undefined
  /** Largest norm of each gradient by itself, > 0; none. Of a sparse one the norm is that of the rows as given, before
   * repeated ones are summed. At most one of the three clip options may be given. */
  readonly clipnorm?: number | null | undefined
  /** Largest magnitude of a gradient's values, > 0; none. */
  readonly clipvalue?: number | null | undefined
  /** Largest norm of all gradients together, > 0; none. Repeated rows count as for `clipnorm`. */
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

/** What to say about options that other libraries have. */
export const OPTION_HINTS: Readonly<Record<string, string>> = {
  decay: 'give a schedule as learningRate, such as InverseTimeDecay',
}

/** Options of every optimizer but the learning rate, checked. */
export type OptimizerSettings = {
  [Option in Exclude<keyof OptimizerOptions, 'learningRate'>]-?: Exclude<OptimizerOptions[Option], undefined>
}

/** Their checks. The name of the class stands for a name that is left out. */
export const OPTIMIZER_RULES: Rules<OptimizerSettings> = {
  name: [string],
  weightDecay: /* @__PURE__ */ [/* @__PURE__ */ orNull(nonNegative)],
  clipnorm: /* @__PURE__ */ [/* @__PURE__ */ orNull(positive)],
  clipvalue: /* @__PURE__ */ [/* @__PURE__ */ orNull(positive)],
  globalClipnorm: /* @__PURE__ */ [/* @__PURE__ */ orNull(positive)],
  useEma: [(given, what) => boolean(given ?? false, what)],
  emaMomentum: [share, 0.99],
  emaOverwriteFrequency: /* @__PURE__ */ [/* @__PURE__ */ orNull(positiveInteger)],
  nonFiniteGradients: [
    (given, what) => {
      const chosen = given ?? 'throw'
      if (chosen === 'throw' || chosen === 'skip') return chosen
      return (typeof given === 'string' ? refuseValue : refuseKind)(given, what, "'throw' or 'skip'")
    },
  ],
}

/** The names of the options of every optimizer. */
export function optimizerOptions(): (keyof OptimizerOptions)[] {
  return ['learningRate', ...(Object.keys(OPTIMIZER_RULES) as (keyof OptimizerSettings)[])]
}

type ClipOptions = Readonly<Partial<Record<'clipnorm' | 'globalClipnorm' | 'clipvalue', unknown>>>

/** Throws RangeError where more than one of the clip options is given. */
export function requireOneClipping(options: ClipOptions): void {
  const given = (['clipnorm', 'globalClipnorm', 'clipvalue'] as const).filter(
    (option) => (options[option] ?? null) !== null,
  )
  if (given.length < 2) return
  const values = given.map((option) => `${option} = ${describe(options[option])}`)
  throw new RangeError(`at most one of clipnorm, globalClipnorm and clipvalue may be given; got ${values.join(', ')}`)
}
