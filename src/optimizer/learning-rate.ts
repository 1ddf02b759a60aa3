import { isSchedule, type LearningRateSchedule } from '../schedules/index.ts'
import { nonNegative, refuseKind } from '../shared/check.ts'

/** A constant, a schedule, or any function of the step number (which a config cannot hold); every rate finite and ≥ 0. */
export type LearningRate = number | LearningRateSchedule | ((step: number) => number)

/** Throws TypeError for another kind, RangeError for a number that is negative or not finite. */
export function readLearningRate(given: unknown): LearningRate {
  if (typeof given === 'number') return nonNegative(given, 'learningRate')
  if (isSchedule(given) || typeof given === 'function') return given as LearningRate
  refuseKind(given, 'learningRate', 'a number >= 0, a schedule or a function of the step')
}

/** The learning rate of a step; throws what a schedule throws, or RangeError for a rate that cannot be used. */
export function rateAt(learningRate: LearningRate, step: number): number {
  if (typeof learningRate === 'number') return learningRate
  const rate = typeof learningRate === 'function' ? learningRate(step) : learningRate.at(step)
  return nonNegative(rate, `the learning rate of step ${step}`)
}
