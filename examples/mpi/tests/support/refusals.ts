/** What the ranks in `on` spoil in a step, and what every rank's error then begins with. */
export interface SpoiltStep {
  readonly what: 'gradient' | 'sparse gradient' | 'variable' | 'accumulator'
  readonly on: readonly number[]
  readonly value: number
  readonly message: string
}

const [NAN, INFINITE] = [Number.NaN, Number.NEGATIVE_INFINITY]

export const SPOILT_STEPS: readonly SpoiltStep[] = [
  { what: 'gradient', on: [1], value: NAN, message: "rank 1: variable 'kernel': gradient[3] is NaN" },
  { what: 'gradient', on: [0, 1], value: NAN, message: "rank 0: variable 'kernel': gradient[3] is NaN" },
  { what: 'gradient', on: [1], value: INFINITE, message: "rank 1: variable 'kernel': gradient[3] is -Infinity" },
  { what: 'sparse gradient', on: [1], value: NAN, message: "rank 1: variable 'table': gradient.values[1] is NaN" },
  { what: 'variable', on: [1], value: NAN, message: "rank 1: variable 'kernel': variable[3] is NaN" },
  { what: 'accumulator', on: [1], value: NAN, message: "rank 1: variable 'kernel': accumulator[3] is NaN" },
]

/** What a rank saw of a spoilt step. */
export interface Refusal {
  /** The error's message; 'nothing' where no StepRefused was thrown. */
  readonly message: string
  /** Whether variables and state have the bits that they had before. */
  readonly unchanged: boolean
  /** Whether, what was spoilt put right, the next step gave the bits of a run in which nothing was ever spoilt. */
  readonly wentOn: boolean
}
