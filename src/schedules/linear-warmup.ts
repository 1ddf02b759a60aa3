import { describe, integerFrom, nonNegative, readConfig, readOptions } from '../shared/check.ts'
import { kerasSchedules } from './built-in.ts'
import { checkStep, interpolate, LearningRateSchedule, readName } from './learning-rate-schedule.ts'
import { type CustomObjects, isSchedule, scheduleConfig, scheduleFromConfig } from './serialized.ts'

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

const OPTIONS = ['afterWarmupLrSched', 'warmupSteps', 'warmupLearningRate', 'name'] as const

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
export class LinearWarmup extends LearningRateSchedule {
  static override readonly className: string = 'LinearWarmup'

  /** The rate after the warm-up. */
  readonly afterWarmupLrSched: number | LearningRateSchedule
  /** The number of steps of the warm-up. */
  readonly warmupSteps: number
  /** The rate at step 0. */
  readonly warmupLearningRate: number
  /** As given; null without. */
  readonly name: string | null

  /** Checks the options; throws as the class says. */
  constructor(options: LinearWarmupOptions) {
    super()
    const given = readOptions('LinearWarmup', options, OPTIONS)
    this.afterWarmupLrSched = readAfter(given.afterWarmupLrSched)
    this.warmupSteps = integerFrom(given.warmupSteps, 1, 'LinearWarmup: warmupSteps')
    this.warmupLearningRate = nonNegative(given.warmupLearningRate, 'LinearWarmup: warmupLearningRate')
    this.name = readName(given.name, 'LinearWarmup: name')
  }

  at(step: number): number {
    const { warmupSteps, warmupLearningRate } = this
    if (checkStep(step) >= warmupSteps) return this.#after(step)
    return interpolate(warmupLearningRate, this.#after(warmupSteps), step / warmupSteps)
  }

  #after(step: number): number {
    const after = this.afterWarmupLrSched
    return typeof after === 'number' ? after : nonNegative(after.at(step), `the learning rate of step ${step}`)
  }

  getConfig(): Record<string, unknown> {
    const { afterWarmupLrSched: after, warmupSteps, warmupLearningRate, name } = this
    const afterWarmupLrSched = typeof after === 'number' ? after : scheduleConfig(after)
    return { afterWarmupLrSched, warmupSteps, warmupLearningRate, name }
  }

  /** As that of every schedule; `customObjects` finds a schedule of yours that follows the warm-up. */
  static override fromConfig(config: unknown, customObjects: CustomObjects = {}): LinearWarmup {
    const options = readConfig<LinearWarmupOptions>('LinearWarmup', config, OPTIONS)
    const { afterWarmupLrSched: after } = options
    if (typeof after !== 'object') return new LinearWarmup(options)
    const known = [...kerasSchedules, LinearWarmup]
    const afterWarmupLrSched = scheduleFromConfig(after, 'LinearWarmup: afterWarmupLrSched', known, customObjects)
    return new LinearWarmup({ ...options, afterWarmupLrSched })
  }
}

function readAfter(given: unknown): number | LearningRateSchedule {
  if (typeof given === 'number') return nonNegative(given, 'LinearWarmup: afterWarmupLrSched')
  if (isSchedule(given)) return given
  throw new TypeError(
    `LinearWarmup: afterWarmupLrSched is ${describe(given)}; expected a number >= 0 or a LearningRateSchedule`,
  )
}
