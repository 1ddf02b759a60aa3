import { CosineDecay } from './cosine-decay.ts'
import { CosineDecayRestarts } from './cosine-decay-restarts.ts'
import { ExponentialDecay } from './exponential-decay.ts'
import { InverseTimeDecay } from './inverse-time-decay.ts'
import { PiecewiseConstantDecay } from './piecewise-constant-decay.ts'
import { PolynomialDecay } from './polynomial-decay.ts'

export { CosineDecay, type CosineDecayOptions } from './cosine-decay.ts'
export { CosineDecayRestarts, type CosineDecayRestartsOptions } from './cosine-decay-restarts.ts'
export { ExponentialDecay, type ExponentialDecayOptions } from './exponential-decay.ts'
export { InverseTimeDecay, type InverseTimeDecayOptions } from './inverse-time-decay.ts'
export { LearningRateSchedule } from './learning-rate-schedule.ts'
export { PiecewiseConstantDecay, type PiecewiseConstantDecayOptions } from './piecewise-constant-decay.ts'
export { PolynomialDecay, type PolynomialDecayOptions } from './polynomial-decay.ts'

/** The schedules of this package, each known in a saved config by its `className`. */
export const builtInSchedules = [
  ExponentialDecay,
  PiecewiseConstantDecay,
  PolynomialDecay,
  InverseTimeDecay,
  CosineDecay,
  CosineDecayRestarts,
] as const
