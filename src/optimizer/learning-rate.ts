import { isSchedule, type LearningRateSchedule } from '../schedules/index.ts'
import { describe, nonNegative, refuseKind } from '../shared/check.ts'
import { ownClassName } from '../shared/class-name.ts'

/** A constant, a schedule, or any function of the step number (which a config cannot hold); every rate finite and ≥ 0. */
export type LearningRate = number | LearningRateSchedule | ((step: number) => number)

/** Throws TypeError for another kind, RangeError for a number that is negative or not finite. */
export function readLearningRate(given: unknown): LearningRate {
  if (typeof given === 'number') return nonNegative(given, 'learningRate')
  if (typeof given === 'function' && isSchedule(given.prototype)) {
    const name = ownClassName(given)
    throw new TypeError(`learningRate is the class ${name}; expected a schedule made from it: new ${name}({ … })`)
  }
  if (isSchedule(given) || typeof given === 'function') return given as LearningRate
  const isPlain = describe(given) === 'an object'
  const hint = isPlain ? '; make it with new ExponentialDecay({ … }), or read a saved one with fromConfig' : ''
  refuseKind(given, 'learningRate', `a number >= 0, a schedule or a function of the step${hint}`)
}
