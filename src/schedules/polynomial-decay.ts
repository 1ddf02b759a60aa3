import { boolean, nonNegative, positive, type Rules } from '../shared/check.ts'
import { checkStep, interpolate, saturate } from './learning-rate-schedule.ts'
import { NAME, OptionSchedule } from './option-schedule.ts'

/** What `PolynomialDecay` is made from. */
export interface PolynomialDecayOptions {
  /** The rate at step 0; finite, ≥ 0. */
  initialLearningRate: number
  /** The number of steps until `endLearningRate`; finite, > 0. */
  decaySteps: number
  /** The rate that is reached; finite, ≥ 0; may be above the initial one. Default 0.0001. */
  endLearningRate?: number | undefined
  /** 1 is a straight line; finite, ≥ 0. Default 1. */
  power?: number | undefined
  /** Beyond `decaySteps`, start again from a rate between the two, instead of staying at the end. Default false. */
  cycle?: boolean | undefined
  /** Kept in the config and otherwise unused. */
  name?: string | null | undefined
}

const RULES: Rules<Pick<PolynomialDecay, keyof PolynomialDecayOptions>> = {
  initialLearningRate: [nonNegative],
  decaySteps: [positive],
  endLearningRate: [nonNegative, 0.0001],
  power: [nonNegative, 1],
  cycle: [boolean, false],
  name: NAME,
}

/**
 * A learning rate that goes from `initialLearningRate` to `endLearningRate` in `decaySteps` steps, along a power of the time
 * that is left:
 *
 *     done = min(step, decaySteps) / decaySteps
 *     rate = endLearningRate + (initialLearningRate − endLearningRate) · (1 − done) ^ power
 *
 * With `cycle`, done = step / (decaySteps · max(1, ⌈step / decaySteps⌉)): the rate reaches its end at each multiple of
 * `decaySteps` and then jumps up, to half of the difference after the first, a third after the second, and so on (for
 * power 1). It never leaves the range between the two rates, and meets both exactly (with power 0 it stays at the first).
 *
 * Throws `TypeError` for an unknown option or one of the wrong kind and `RangeError` for a value outside its range; `at`
 * throws `RangeError` unless the step is an integer ≥ 0. Source: `keras.optimizers.schedules.PolynomialDecay`.
 *
 * @example
 * const schedule = new PolynomialDecay({ initialLearningRate: 0.5, decaySteps: 100, endLearningRate: 0, power: 2 })
 * schedule.at(50) // 0.125
 */
export class PolynomialDecay extends OptionSchedule {
  static override readonly className: string = 'PolynomialDecay'
  /** As that of every schedule. */
  declare static fromConfig: (config: unknown) => PolynomialDecay

  /** The rate at step 0. */
  declare readonly initialLearningRate: number
  /** The number of steps until `endLearningRate`. */
  declare readonly decaySteps: number
  /** The rate that is reached. */
  declare readonly endLearningRate: number
  /** The exponent; 1 is a straight line. */
  declare readonly power: number
  /** Whether the rate starts again beyond `decaySteps`. */
  declare readonly cycle: boolean
  /** As given; null without. */
  declare readonly name: string | null

  /** Checks the options; throws as the class says. */
  constructor(options: PolynomialDecayOptions) {
    super(PolynomialDecay, options, RULES)
  }

  at(step: number): number {
    const periods = saturate(checkStep(step) / this.decaySteps)
    // At step 0 the first multiple of decaySteps that counts is decaySteps itself, not 0.
    const done = this.cycle ? periods / Math.max(1, Math.ceil(periods)) : Math.min(periods, 1)
    return interpolate(this.endLearningRate, this.initialLearningRate, (1 - done) ** this.power)
  }
}
