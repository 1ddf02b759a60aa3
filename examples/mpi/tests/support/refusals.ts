/** The kernel and the table are whole on every rank, each of which has a part of the third variable. */
export type Order = readonly ('kernel' | 'table' | 'part')[]

/** Refusals are told with a shard or with the last variable, so that it counts which comes when. */
export const ORDERS: readonly Order[] = [
  ['kernel', 'table', 'part'],
  ['part', 'kernel', 'table'],
]

/** What the ranks in `on` spoil in a step, and what every rank's error then begins with. */
export interface SpoiltStep {
  readonly what: 'gradient' | 'variable' | 'accumulator'
  readonly variable: Order[number]
  readonly on: readonly number[]
  readonly value: number
  readonly message: string
}

const [NAN, INFINITE] = [Number.NaN, Number.NEGATIVE_INFINITY]

export const SPOILT_STEPS: readonly SpoiltStep[] = [
  spoilt('gradient', 'kernel', [1], NAN, 'gradient[1] is NaN'),
  spoilt('gradient', 'kernel', [0, 1], NAN, 'gradient[1] is NaN'),
  spoilt('gradient', 'kernel', [1], INFINITE, 'gradient[1] is -Infinity'),
  spoilt('gradient', 'table', [1], NAN, 'gradient.values[1] is NaN'),
  spoilt('gradient', 'part', [1], NAN, 'gradient.values[1] is NaN'),
  spoilt('gradient', 'part', [1, 2], INFINITE, 'gradient.values[1] is -Infinity'),
  spoilt('variable', 'kernel', [1], NAN, 'variable[3] is NaN'),
  spoilt('variable', 'part', [2], NAN, 'variable[5] is NaN'),
  spoilt('accumulator', 'kernel', [1], NAN, 'accumulator[3] is NaN'),
  spoilt('accumulator', 'part', [0, 2], NAN, 'accumulator[1] is NaN'),
]

function spoilt(
  what: SpoiltStep['what'],
  variable: Order[number],
  on: readonly number[],
  value: number,
  fault: string,
): SpoiltStep {
  return { what, variable, on, value, message: `rank ${on[0]}: variable '${variable}': ${fault}` }
}

/** What a rank saw of a spoilt step. */
export interface Refusal {
  /** The error's message; 'nothing' where no StepRefused was thrown. */
  readonly message: string
  /** Whether variables and state have the bits that they had before. */
  readonly unchanged: boolean
  /** Whether, what was spoilt put right, the next step gave the bits of a run in which nothing was ever spoilt. */
  readonly wentOn: boolean
}
