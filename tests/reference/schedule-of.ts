import {
  CosineDecay,
  CosineDecayRestarts,
  ExponentialDecay,
  InverseTimeDecay,
  type LearningRateSchedule,
  PiecewiseConstantDecay,
  PolynomialDecay,
} from '../../src/index.ts'

/** A schedule as the fixtures describe it: its class, and options in our spelling. */
export interface RecordedSchedule {
  class: string
  options: object
}

const CLASSES: Readonly<Record<string, new (options: never) => LearningRateSchedule>> = {
  CosineDecay,
  CosineDecayRestarts,
  ExponentialDecay,
  InverseTimeDecay,
  PiecewiseConstantDecay,
  PolynomialDecay,
}

export function scheduleOf(recorded: RecordedSchedule): LearningRateSchedule {
  const Schedule = CLASSES[recorded.class]
  // The fixtures hold what the constructor of this class takes.
  return new Schedule(recorded.options as never)
}
