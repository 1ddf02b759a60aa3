import { integerFrom, nonNegative } from '../shared/check.ts'
import { ownClassName } from '../shared/class-name.ts'
import { readConfig } from '../shared/read-config.ts'

/**
 * A learning rate that depends on the step: the base class of the schedules here, and of your own.
 *
 * A subclass gives `at` and `getConfig`. If its constructor takes one options object with the keys of `getConfig`, it
 * inherits a working `fromConfig`. Give it a `static readonly className` when the code will be minified: that is the name
 * under which a saved config finds the class again (without one, the name of the class counts).
 *
 * Source: `keras.optimizers.schedules.LearningRateSchedule`, with `at` for `__call__`.
 *
 * @example
 * class Halving extends LearningRateSchedule {
 *   static readonly className = 'Halving'
 *   constructor(readonly options: { every: number }) { super() }
 *   at(step: number) { return 0.1 / 2 ** Math.floor(step / this.options.every) }
 *   getConfig() { return { ...this.options } }
 * }
 */
export abstract class LearningRateSchedule {
  /** The name that stands for this class in a saved config. */
  static readonly className: string = 'LearningRateSchedule'

  /** The class name of this very object, whatever its base class is called. */
  get className(): string {
    return ownClassName(this.constructor)
  }

  /** The learning rate, finite and ≥ 0, of the step with this number: an integer ≥ 0, counted from 0. */
  abstract at(step: number): number

  /** The constructor's options as plain JSON data, keys in camelCase. */
  abstract getConfig(): Record<string, unknown>

  /**
   * Makes a schedule from what `getConfig` returned, or from Keras's config in snake_case. Throws TypeError where that is
   * no plain object, and what the constructor throws.
   */
  static fromConfig(config: unknown): LearningRateSchedule {
    // biome-ignore lint/complexity/noThisInStatic: `this` is the subclass that fromConfig was called on
    const Schedule = this as unknown as new (options: unknown) => LearningRateSchedule
    return new Schedule(readConfig(config, ownClassName(Schedule)))
  }
}

/** The step as a number, once it is known to be an integer of at least 0. */
export function checkStep(step: unknown): number {
  return integerFrom(step, 0, 'step')
}

/** The learning rate of a step; throws what a schedule throws, or RangeError for a rate that cannot be used. */
export function rateAt(learningRate: number | ((step: number) => number) | LearningRateSchedule, step: number): number {
  if (typeof learningRate === 'number') return learningRate
  const rate = typeof learningRate === 'function' ? learningRate(step) : learningRate.at(step)
  return nonNegative(rate, `the learning rate of step ${step}`)
}

/** Overflow stops at the largest finite number, so that no schedule gives Infinity, or NaN by way of 0 · Infinity. */
export function saturate(value: number): number {
  return Math.min(value, Number.MAX_VALUE)
}

/** `from` at 0, `to` at 1 (both exactly), never outside the two whatever rounding does. */
export function interpolate(from: number, to: number, fraction: number): number {
  if (fraction === 1) return to
  const value = from + (to - from) * fraction
  return Math.max(Math.min(from, to), Math.min(Math.max(from, to), value))
}

/** Half a cosine wave: 1 at 0, 0 at 1. */
export function cosineWave(fraction: number): number {
  return 0.5 * (1 + Math.cos(Math.PI * fraction))
}
