import type { Precision } from './precision.ts'

/** The three thresholds of a bound: relative · |w| + accumulatorRelative / √q + absolute. */
export interface Thresholds {
  readonly relative: number
  readonly accumulatorRelative: number
  readonly absolute: number
}

/** The options of a call, checked, with the thresholds lowered as far as each use of them needs. Made by options.ts. */
export interface Hyperparameters {
  readonly precision: Precision
  readonly learningRate: number
  readonly epsilon: number
  /** False where absoluteThreshold is Infinity: plain Adagrad. */
  readonly clips: boolean
  readonly clipAccumulatorUpdate: boolean
  readonly useStandardAccumulatorUpdate: boolean
  /** As given. */
  readonly thresholds: Thresholds
  /** Lowered by precision.shave: the factor is worked out with these. */
  readonly forFactor: Thresholds
  /** Lowered by BOUND_SHAVE, more than the rounding of the bound's own five operations: never above the real bound. */
  readonly forBound: Thresholds
  /** False where a threshold is so small that a double cannot lower it by a few ulps (subnormal or nearly so). */
  readonly normal: boolean
  /** What the loops work with. */
  readonly loops: LoopConstants
}

/** What the loops add, multiply with and test against; explained in loops/constants.ts. */
export interface LoopConstants {
  readonly tested: TestedConstants
  readonly moving: MovingConstants
  readonly kernel: KernelConstants
}

/** For the SIMD kernel, by the names of its globals. */
export type KernelConstants = Readonly<Record<string, number>>

/** For the portable loops of the first pass. */
export interface TestedConstants extends Thresholds {
  readonly learningRate: number
  readonly epsilon: number
}

/** For the portable loops of the second pass. */
export interface MovingConstants {
  readonly epsilon: number
  readonly lowest: number
  readonly relative: number
  readonly absolute: number
}
