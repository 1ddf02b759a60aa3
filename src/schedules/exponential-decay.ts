import { boolean, nonNegative, positive, readConfig, readOptions } from '../shared/check.ts'
import { checkStep, LearningRateSchedule, readName, saturate } from './learning-rate-schedule.ts'

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

const OPTIONS = ['initialLearningRate', 'decaySteps', 'decayRate', 'staircase', 'name'] as const

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
export class ExponentialDecay extends LearningRateSchedule {
  static override readonly className: string = 'ExponentialDecay'

  /** The rate at step 0. */
  readonly initialLearningRate: number
  /** The number of steps in which the rate is multiplied by `decayRate` once. */
  readonly decaySteps: number
  /** What the rate is multiplied by in `decaySteps` steps. */
  readonly decayRate: number
  /** Whether the rate decays in jumps. */
  readonly staircase: boolean
  /** As given; null without. */
  readonly name: string | null

  /** Checks the options; throws as the class says. */
  constructor(options: ExponentialDecayOptions) {
    super()
    const { staircase = false, ...given } = readOptions('ExponentialDecay', options, OPTIONS)
    this.initialLearningRate = nonNegative(given.initialLearningRate, 'ExponentialDecay: initialLearningRate')
    this.decaySteps = positive(given.decaySteps, 'ExponentialDecay: decaySteps')
    this.decayRate = nonNegative(given.decayRate, 'ExponentialDecay: decayRate')
    this.staircase = boolean(staircase, 'ExponentialDecay: staircase')
    this.name = readName(given.name, 'ExponentialDecay: name')
  }

  at(step: number): number {
    const periods = saturate(checkStep(step) / this.decaySteps)
    const factor = this.decayRate ** (this.staircase ? Math.floor(periods) : periods)
    return saturate(this.initialLearningRate * saturate(factor))
  }

  getConfig(): Record<string, unknown> {
    const { initialLearningRate, decaySteps, decayRate, staircase, name } = this
    return { initialLearningRate, decaySteps, decayRate, staircase, name }
  }

  static override fromConfig(config: unknown): ExponentialDecay {
    return new ExponentialDecay(readConfig<ExponentialDecayOptions>('ExponentialDecay', config, OPTIONS))
  }
}
