import { nonNegative, orNull, positive, type Rules, share } from '../shared/check.ts'
import { checkStep, cosineWave, interpolate } from './learning-rate-schedule.ts'
import { NAME, OptionSchedule } from './option-schedule.ts'

/** What `CosineDecay` is made from. */
export interface CosineDecayOptions {
  /** The rate at step 0; finite, ≥ 0. */
  initialLearningRate: number
  /** The number of steps of the decay, warm-up not counted; finite, > 0. */
  decaySteps: number
  /** The share of the rate that is left at the end; in [0, 1]. Default 0. */
  alpha?: number | undefined
  /** Kept in the config and otherwise unused. */
  name?: string | null | undefined
  /** The rate at the end of the warm-up, from which the decay starts; finite, ≥ 0. Default null: no warm-up. */
  warmupTarget?: number | null | undefined
  /** The number of steps of the warm-up; finite, ≥ 0; without a `warmupTarget` it has no effect. Default 0. */
  warmupSteps?: number | undefined
}

const RULES: Rules<Pick<CosineDecay, keyof CosineDecayOptions>> = {
  initialLearningRate: [nonNegative],
  decaySteps: [positive],
  alpha: [share, 0],
  name: NAME,
  warmupTarget: /* @__PURE__ */ [/* @__PURE__ */ orNull(nonNegative)],
  warmupSteps: [nonNegative, 0],
}

/**
 * A learning rate that falls along half a cosine wave for `decaySteps` steps, after a linear warm-up if `warmupTarget` is
 * given:
 *
 *     warm-up:    rate = initialLearningRate + (warmupTarget − initialLearningRate) · step / warmupSteps
 *     after it:   done = min(step − warmupSteps, decaySteps) / decaySteps
 *                 rate = start · ((1 − alpha) · (1 + cos(π · done)) / 2 + alpha)
 *
 * where start is `warmupTarget` (without warm-up: `initialLearningRate`, with 0 for `warmupSteps`). Step `warmupSteps` has
 * exactly the rate `warmupTarget`; from `warmupSteps + decaySteps` on the rate is alpha · start.
 *
 * Throws `TypeError` for an unknown option or one of the wrong kind and `RangeError` for a value outside its range; `at`
 * throws `RangeError` unless the step is an integer ≥ 0. Source: `keras.optimizers.schedules.CosineDecay`; SGDR
 * (arXiv 1608.03983) without restarts.
 *
 * @example
 * const schedule = new CosineDecay({ initialLearningRate: 0, decaySteps: 900, warmupTarget: 0.1, warmupSteps: 100 })
 * schedule.at(50) // 0.05
 * schedule.at(100) // 0.1
 */
export class CosineDecay extends OptionSchedule {
  static override readonly className: string = 'CosineDecay'
  /** As that of every schedule. */
  declare static fromConfig: (config: unknown) => CosineDecay

  /** The rate at step 0. */
  declare readonly initialLearningRate: number
  /** The number of steps of the decay, warm-up not counted. */
  declare readonly decaySteps: number
  /** The share of the rate that is left at the end. */
  declare readonly alpha: number
  /** As given; null without. */
  declare readonly name: string | null
  /** The rate at the end of the warm-up; null without. */
  declare readonly warmupTarget: number | null
  /** The number of steps of the warm-up. */
  declare readonly warmupSteps: number

  /** Checks the options; throws as the class says. */
  constructor(options: CosineDecayOptions) {
    super(CosineDecay, options, RULES)
  }

  at(step: number): number {
    const { initialLearningRate, alpha, warmupTarget } = this
    const warmupSteps = warmupTarget === null ? 0 : this.warmupSteps
    const start = warmupTarget ?? initialLearningRate
    const past = checkStep(step) - warmupSteps
    if (past < 0) return interpolate(initialLearningRate, start, step / warmupSteps)
    const done = Math.min(past / this.decaySteps, 1)
    return start * ((1 - alpha) * cosineWave(done) + alpha)
  }
}
