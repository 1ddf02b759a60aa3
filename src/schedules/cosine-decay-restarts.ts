import { atLeast, nonNegative, positive, type Rules, share } from '../shared/check.ts'
import { checkStep, cosineWave, saturate } from './learning-rate-schedule.ts'
import { NAME, OptionSchedule } from './option-schedule.ts'

/** What `CosineDecayRestarts` is made from. */
export interface CosineDecayRestartsOptions {
  /** The rate at step 0; finite, ≥ 0. */
  initialLearningRate: number
  /** The number of steps of the first period; finite, > 0. */
  firstDecaySteps: number
  /** How much longer each period is than the one before; finite, ≥ 1. Default 2. */
  tMul?: number | undefined
  /** How much higher each period starts than the one before; finite, ≥ 0, usually ≤ 1. Default 1. */
  mMul?: number | undefined
  /** The share of `initialLearningRate` that every period ends with; in [0, 1]. Default 0. */
  alpha?: number | undefined
  /** Kept in the config and otherwise unused. */
  name?: string | null | undefined
}

const RULES: Rules<Pick<CosineDecayRestarts, keyof CosineDecayRestartsOptions>> = {
  initialLearningRate: [nonNegative],
  firstDecaySteps: [positive],
  tMul: [(given, what) => atLeast(given, 1, what), 2],
  mMul: [nonNegative, 1],
  alpha: [share, 0],
  name: NAME,
}

/**
 * A learning rate that falls along half a cosine wave again and again, first for `firstDecaySteps` steps, then in periods
 * that get longer:
 *
 *     period i starts at     firstDecaySteps · (1 + tMul + … + tMul^(i−1))
 *     and is this long       firstDecaySteps · tMul^i
 *     done = (step − start) / length
 *     rate = initialLearningRate · ((1 − alpha) · mMul^i · (1 + cos(π · done)) / 2 + alpha)
 *
 * A step at which a period starts belongs to that period, even where rounding puts the start a hair later. Keras finds i
 * with a logarithm, which there may choose the period before; and it allows `tMul` below 1, where all periods together
 * have an end after which it gives NaN.
 *
 * Throws `TypeError` for an unknown option or one of the wrong kind and `RangeError` for a value outside its range; `at`
 * throws `RangeError` unless the step is an integer ≥ 0. Source: `keras.optimizers.schedules.CosineDecayRestarts`; SGDR
 * (arXiv 1608.03983).
 *
 * @example
 * const schedule = new CosineDecayRestarts({ initialLearningRate: 0.1, firstDecaySteps: 100, mMul: 0.5 })
 * schedule.at(100) // 0.05
 * schedule.at(300) // 0.025
 */
export class CosineDecayRestarts extends OptionSchedule {
  static override readonly className: string = 'CosineDecayRestarts'
  /** As that of every schedule. */
  declare static fromConfig: (config: unknown) => CosineDecayRestarts

  /** The rate at step 0. */
  declare readonly initialLearningRate: number
  /** The number of steps of the first period. */
  declare readonly firstDecaySteps: number
  /** How much longer each period is than the one before. */
  declare readonly tMul: number
  /** How much higher each period starts than the one before. */
  declare readonly mMul: number
  /** The share of `initialLearningRate` that every period ends with. */
  declare readonly alpha: number
  /** As given; null without. */
  declare readonly name: string | null

  /** Checks the options; throws as the class says. */
  constructor(options: CosineDecayRestartsOptions) {
    super(CosineDecayRestarts, options, RULES)
  }

  at(step: number): number {
    const { alpha, firstDecaySteps, tMul } = this
    const period = periodOf(checkStep(step), firstDecaySteps, tMul)
    const { sum, power } = geometric(tMul, period)
    const done = (step - firstDecaySteps * sum) / (firstDecaySteps * power)
    const height = saturate(this.mMul ** period) * cosineWave(Math.min(1, Math.max(0, done)))
    return saturate(this.initialLearningRate * ((1 - alpha) * height + alpha))
  }
}

/**
 * `sum` = 1 + ratio + … + ratio^(count−1) and `power` = ratio^count, for ratio ≥ 1 and an integer count in [0, 2⁵³]. Only
 * sums and products of positive numbers, by doubling: exact as long as the numbers are integers below 2⁵³, the same on
 * every engine, and without the cancellation of (ratio^count − 1) / (ratio − 1).
 */
function geometric(ratio: number, count: number): { sum: number; power: number } {
  if (count === 0) return { sum: 0, power: 1 }
  const half = geometric(ratio, Math.floor(count / 2))
  const even = { sum: half.sum + half.power * half.sum, power: half.power * half.power }
  return count % 2 === 0 ? even : { sum: even.sum + even.power, power: even.power * ratio }
}

/** The period that a step is in, counted from 0. */
function periodOf(step: number, firstDecaySteps: number, ratio: number): number {
  if (ratio === 1) return Math.floor(saturate(step / firstDecaySteps))
  const hasStarted = (period: number): boolean => {
    const start = firstDecaySteps * geometric(ratio, period).sum
    // Rounding, of a decimal ratio like 1.1 above all, may put the start just after the step it is meant to be. The
    // allowance covers that, and stays below the distance to any other step.
    return step >= start - Math.min(0.25, start * (period + 1) * 2 ** -50)
  }
  let high = 1
  while (high < 2 ** 52 && hasStarted(high)) high *= 2
  let low = Math.floor(high / 2)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (hasStarted(middle)) low = middle
    else high = middle
  }
  return low
}
