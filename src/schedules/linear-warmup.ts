import { nonNegative, positiveInteger, type Rules, refuseKind } from '../shared/check.ts'
import { readConfig } from '../shared/read-config.ts'
import { kerasSchedules } from './built-in.ts'
import { checkStep, interpolate, type LearningRateSchedule, rateAt } from './learning-rate-schedule.ts'
import { NAME, OptionSchedule } from './option-schedule.ts'
import { type CustomObjects, isSchedule, scheduleFromConfig } from './serialized.ts'

/** What `LinearWarmup` is made from. */
export interface LinearWarmupOptions {
  /** The rate after the warm-up: a number, finite, ≥ 0, or any schedule, which counts the steps of the warm-up too. */
  afterWarmupLrSched: number | LearningRateSchedule
  /** The number of steps of the warm-up, a whole number ≥ 1. */
  warmupSteps: number
  /** The rate at step 0; finite, ≥ 0. */
  warmupLearningRate: number
  /** Kept in the config and otherwise unused. */
  name?: string | null | undefined
}

const RULES: Rules<Pick<LinearWarmup, keyof LinearWarmupOptions>> = {
  afterWarmupLrSched: [readAfter],
  warmupSteps: [positiveInteger],
  warmupLearningRate: [nonNegative],
  name: NAME,
}

/**
 * A learning rate that rises, or falls, in a straight line for `warmupSteps` steps to where another schedule has got by
 * then, and follows that one from there on:
 *
 *     step < warmupSteps:   rate = warmupLearningRate + (after(warmupSteps) − warmupLearningRate) · step / warmupSteps
 *     from there on:        rate = after(step)
 *
 * Throws `TypeError` for an unknown option or one of the wrong kind and `RangeError` for a value outside its range; `at`
 * throws `RangeError` unless the step is an integer ≥ 0, and what the other schedule throws. Source: `LinearWarmup` of the
 * TensorFlow Model Garden.
 *
 * @example
 * const after = new ExponentialDecay({ initialLearningRate: 0.1, decaySteps: 1000, decayRate: 0.5 })
 * const schedule = new LinearWarmup({ afterWarmupLrSched: after, warmupSteps: 100, warmupLearningRate: 0 })
 * schedule.at(50) === after.at(100) / 2
 */
export class LinearWarmup extends OptionSchedule {
  static override readonly className: string = 'LinearWarmup'

  /** The rate after the warm-up. */
  declare readonly afterWarmupLrSched: number | LearningRateSchedule
  /** The number of steps of the warm-up. */
  declare readonly warmupSteps: number
  /** The rate at step 0. */
  declare readonly warmupLearningRate: number
  /** As given; null without. */
  declare readonly name: string | null

  /** Checks the options; throws as the class says. */
  constructor(options: LinearWarmupOptions) {
    super(LinearWarmup, options, RULES)
  }

  at(step: number): number {
    const { afterWarmupLrSched, warmupSteps, warmupLearningRate } = this
    if (checkStep(step) >= warmupSteps) return rateAt(afterWarmupLrSched, step)
    return interpolate(warmupLearningRate, rateAt(afterWarmupLrSched, warmupSteps), step / warmupSteps)
  }

  /** As that of every schedule; `customObjects` finds a schedule of yours that follows the warm-up. */
  static override fromConfig(config: unknown, customObjects: CustomObjects = {}): LinearWarmup {
    const options = readConfig(config, 'LinearWarmup')
    const { afterWarmupLrSched: after } = options
    if (typeof after === 'object') {
      const known = [...kerasSchedules, LinearWarmup]
      options.afterWarmupLrSched = scheduleFromConfig(after, 'LinearWarmup: afterWarmupLrSched', known, customObjects)
    }
    return new LinearWarmup(options as unknown as LinearWarmupOptions)
  }
}

function readAfter(given: unknown, what: string): number | LearningRateSchedule {
  if (typeof given === 'number') return nonNegative(given, what)
  return isSchedule(given) ? given : refuseKind(given, what, 'a number >= 0 or a LearningRateSchedule')
}
