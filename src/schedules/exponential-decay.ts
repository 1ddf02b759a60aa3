import { boolean, nonNegative, positive, type Rules } from '../shared/check.ts'
import { checkStep, saturate } from './learning-rate-schedule.ts'
import { NAME, OptionSchedule } from './option-schedule.ts'

/** What `ExponentialDecay` is made from. */
export interface ExponentialDecayOptions {
  /** The rate at step 0; finite, ≥ 0. */
  initialLearningRate: number
  /** The number of steps in which the rate is multiplied by `decayRate` once; finite, > 0. */
  decaySteps: number
  /** What the rate is multiplied by in `decaySteps` steps; finite, ≥ 0; above 1 it grows. */
  decayRate: number
  /** Decay in jumps, once every `decaySteps` steps, instead of a little at each step. Default false. */
  staircase?: boolean | undefined
  /** Kept in the config and otherwise unused. */
  name?: string | null | undefined
}

const RULES: Rules<Pick<ExponentialDecay, keyof ExponentialDecayOptions>> = {
  initialLearningRate: [nonNegative],
  decaySteps: [positive],
  decayRate: [nonNegative],
  staircase: [boolean, false],
  name: NAME,
}

/**
 * A learning rate that is multiplied by `decayRate` once in every `decaySteps` steps:
 *
 *     rate = initialLearningRate · decayRate ^ (step / decaySteps)      staircase: the exponent is rounded down
 *
 * Computed in double; a growing rate stops at the largest finite number.
 *
 * Throws `TypeError` for an unknown option or one of the wrong kind and `RangeError` for a value outside its range; `at`
 * throws `RangeError` unless the step is an integer ≥ 0. Source: `keras.optimizers.schedules.ExponentialDecay`.
 *
 * @example
 * const schedule = new ExponentialDecay({ initialLearningRate: 0.1, decaySteps: 100, decayRate: 0.5 })
 * schedule.at(200) // 0.025
 */
export class ExponentialDecay extends OptionSchedule {
  static override readonly className: string = 'ExponentialDecay'
  /** As that of every schedule. */
  declare static fromConfig: (config: unknown) => ExponentialDecay

  /** The rate at step 0. */
  declare readonly initialLearningRate: number
  /** The number of steps in which the rate is multiplied by `decayRate` once. */
  declare readonly decaySteps: number
  /** What the rate is multiplied by in `decaySteps` steps. */
  declare readonly decayRate: number
  /** Whether the rate decays in jumps. */
  declare readonly staircase: boolean
  /** As given; null without. */
  declare readonly name: string | null

  /** Checks the options; throws as the class says. */
  constructor(options: ExponentialDecayOptions) {
    super(ExponentialDecay, options, RULES)
  }

  at(step: number): number {
    const periods = saturate(checkStep(step) / this.decaySteps)
    const factor = this.decayRate ** (this.staircase ? Math.floor(periods) : periods)
    return saturate(this.initialLearningRate * saturate(factor))
  }
}
