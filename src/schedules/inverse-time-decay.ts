import { boolean, nonNegative, positive, readConfig, readOptions } from '../shared/check.ts'
import { checkStep, LearningRateSchedule, readName, saturate } from './learning-rate-schedule.ts'

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

const OPTIONS = ['initialLearningRate', 'decaySteps', 'decayRate', 'staircase', 'name'] as const

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
export class InverseTimeDecay extends LearningRateSchedule {
  static override readonly className: string = 'InverseTimeDecay'

  /** The rate at step 0. */
  readonly initialLearningRate: number
  /** The number of steps that count as one unit of time. */
  readonly decaySteps: number
  /** How much one unit of time adds to the divisor. */
  readonly decayRate: number
  /** Whether the rate decays in jumps. */
  readonly staircase: boolean
  /** As given; null without. */
  readonly name: string | null

  /** Checks the options; throws as the class says. */
  constructor(options: InverseTimeDecayOptions) {
    super()
    const { staircase = false, ...given } = readOptions('InverseTimeDecay', options, OPTIONS)
    this.initialLearningRate = nonNegative(given.initialLearningRate, 'InverseTimeDecay: initialLearningRate')
    this.decaySteps = positive(given.decaySteps, 'InverseTimeDecay: decaySteps')
    this.decayRate = nonNegative(given.decayRate, 'InverseTimeDecay: decayRate')
    this.staircase = boolean(staircase, 'InverseTimeDecay: staircase')
    this.name = readName(given.name, 'InverseTimeDecay: name')
  }

  at(step: number): number {
    const periods = saturate(checkStep(step) / this.decaySteps)
    return this.initialLearningRate / (1 + this.decayRate * (this.staircase ? Math.floor(periods) : periods))
  }

  getConfig(): Record<string, unknown> {
    const { initialLearningRate, decaySteps, decayRate, staircase, name } = this
    return { initialLearningRate, decaySteps, decayRate, staircase, name }
  }

  static override fromConfig(config: unknown): InverseTimeDecay {
    return new InverseTimeDecay(readConfig<InverseTimeDecayOptions>('InverseTimeDecay', config, OPTIONS))
  }
}
