import { boolean, nonNegative, positive, type Rules } from '../shared/check.ts'
import { checkStep, saturate } from './learning-rate-schedule.ts'
import { NAME, OptionSchedule } from './option-schedule.ts'

/** What `InverseTimeDecay` is made from. */
export interface InverseTimeDecayOptions {
  /** The rate at step 0; finite, ≥ 0. */
  initialLearningRate: number
  /** The number of steps that count as one unit of time; finite, > 0. */
  decaySteps: number
  /** How much one unit of time adds to the divisor; finite, ≥ 0. */
  decayRate: number
  /** Decay in jumps, once every `decaySteps` steps, instead of a little at each step. Default false. */
  staircase?: boolean | undefined
  /** Kept in the config and otherwise unused. */
  name?: string | null | undefined
}

const RULES: Rules<Pick<InverseTimeDecay, keyof InverseTimeDecayOptions>> = {
  initialLearningRate: [nonNegative],
  decaySteps: [positive],
  decayRate: [nonNegative],
  staircase: [boolean, false],
  name: NAME,
}

/**
 * A learning rate that is divided by a number growing with the step, by `decayRate` in every `decaySteps` steps:
 *
 *     rate = initialLearningRate / (1 + decayRate · step / decaySteps)      staircase: step / decaySteps is rounded down
 *
 * Throws `TypeError` for an unknown option or one of the wrong kind and `RangeError` for a value outside its range; `at`
 * throws `RangeError` unless the step is an integer ≥ 0. Source: `keras.optimizers.schedules.InverseTimeDecay`.
 *
 * @example
 * const schedule = new InverseTimeDecay({ initialLearningRate: 0.1, decaySteps: 10, decayRate: 0.5 })
 * schedule.at(20) // 0.05
 */
export class InverseTimeDecay extends OptionSchedule {
  static override readonly className: string = 'InverseTimeDecay'
  /** As that of every schedule. */
  declare static fromConfig: (config: unknown) => InverseTimeDecay

  /** The rate at step 0. */
  declare readonly initialLearningRate: number
  /** The number of steps that count as one unit of time. */
  declare readonly decaySteps: number
  /** How much one unit of time adds to the divisor. */
  declare readonly decayRate: number
  /** Whether the rate decays in jumps. */
  declare readonly staircase: boolean
  /** As given; null without. */
  declare readonly name: string | null

  /** Checks the options; throws as the class says. */
  constructor(options: InverseTimeDecayOptions) {
    super(InverseTimeDecay, options, RULES)
  }

  at(step: number): number {
    const periods = saturate(checkStep(step) / this.decaySteps)
    return this.initialLearningRate / (1 + this.decayRate * (this.staircase ? Math.floor(periods) : periods))
  }
}
