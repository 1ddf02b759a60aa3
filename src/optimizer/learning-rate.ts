import type { LearningRateSchedule } from '../schedules/index.ts'
import { describe, nonNegative } from '../shared/check.ts'

/** A constant, a schedule, or any function of the step number (which a config cannot hold); every rate finite and ≥ 0. */
export type LearningRate = number | LearningRateSchedule | ((step: number) => number)

/** Throws TypeError for another kind, RangeError for a number that is negative or not finite. */
export function readLearningRate(given: unknown): LearningRate {
  if (typeof given === 'number') return nonNegative(given, 'learningRate')
  if (isSchedule(given) || typeof given === 'function') return given as LearningRate
  throw new TypeError(
    `learningRate is ${describe(given)}; expected a number >= 0, a schedule or a function of the step`,
  )
}

/** By shape rather than `instanceof`: a program may hold the ES module and the CommonJS build, each with its own class. */
export function isSchedule(value: unknown): value is LearningRateSchedule {
  if (typeof value !== 'object' || value === null) return false
  const { at, getConfig } = value as Partial<LearningRateSchedule>
  return typeof at === 'function' && typeof getConfig === 'function'
}

/** The learning rate of a step; throws what a schedule throws, or RangeError for a rate that cannot be used. */
export function rateAt(learningRate: LearningRate, step: number): number {
  if (typeof learningRate === 'number') return learningRate
  const rate = typeof learningRate === 'function' ? learningRate(step) : learningRate.at(step)
  return nonNegative(rate, `the learning rate of step ${step}`)
}
