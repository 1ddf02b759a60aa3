import type { FloatArray } from 'clippy-adagrad'

export const MIXED_STEPS = 20

/** What a rank has after training the demo's model with its large tables. */
export interface MixedResult {
  /** The mean over the whole batch of each step. */
  readonly losses: readonly number[]
  /** Whole variables, then parts of the tables. */
  readonly variables: readonly FloatArray[]
  readonly state: readonly FloatArray[]
  /** Before training. */
  readonly initialWhole: readonly FloatArray[]
  readonly initialParts: readonly FloatArray[]
  /** Bytes that exchanges send to other ranks. */
  readonly sentInStep: number
}
