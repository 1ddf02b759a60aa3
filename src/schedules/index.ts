import { kerasSchedules } from './built-in.ts'
import { LinearWarmup } from './linear-warmup.ts'

export { kerasSchedules } from './built-in.ts'
export { CosineDecay, type CosineDecayOptions } from './cosine-decay.ts'
export { CosineDecayRestarts, type CosineDecayRestartsOptions } from './cosine-decay-restarts.ts'
export { ExponentialDecay, type ExponentialDecayOptions } from './exponential-decay.ts'
export { InverseTimeDecay, type InverseTimeDecayOptions } from './inverse-time-decay.ts'
export { LearningRateSchedule, rateAt } from './learning-rate-schedule.ts'
export { LinearWarmup, type LinearWarmupOptions } from './linear-warmup.ts'
export { PiecewiseConstantDecay, type PiecewiseConstantDecayOptions } from './piecewise-constant-decay.ts'
export { PolynomialDecay, type PolynomialDecayOptions } from './polynomial-decay.ts'
export {
  type CustomObjects,
  isSchedule,
  type ScheduleClass,
  scheduleConfig,
  scheduleFromConfig,
  withoutPackage,
} from './serialized.ts'

/** The schedules of this package, each known in a saved config by its `className`. */
export function builtInSchedules() {
  return [...kerasSchedules, LinearWarmup] as const
}
