import type { ProblemSpec } from './problem.ts'
import type { Pace } from './timing.ts'

/** How much a run measures. */
export interface Plan {
  /** Of dense gradients. */
  readonly lengths: readonly number[]
  /** Rows that sparse gradients name. */
  readonly entries: readonly number[]
  readonly tableRows: number
  /** What options are timed at, and memory is measured at. */
  readonly large: number
  /** Of steps on many variables. */
  readonly variables: readonly number[]
  readonly quick: Pace
  /** Of steps that take milliseconds. */
  readonly slow: Pace
}

export const FULL_PLAN: Plan = {
  lengths: [16, 64, 256, 4096, 65_536, 1_048_576],
  entries: [256, 4096, 65_536],
  tableRows: 1_000_000,
  large: 1_048_576,
  variables: [10, 100, 1000, 10_000],
  quick: { rounds: 61, milliseconds: 2 },
  slow: { rounds: 21, milliseconds: 10 },
}

/** Enough to see that everything works; the figures are rough. */
export const QUICK_PLAN: Plan = {
  lengths: [16, 4096],
  entries: [256],
  tableRows: 20_000,
  large: 65_536,
  variables: [10, 100],
  quick: { rounds: 3, milliseconds: 1 },
  slow: { rounds: 3, milliseconds: 1 },
}

export function denseSpec(length: number): ProblemSpec {
  return { kind: 'dense', length }
}

/** Few enough batches that all fit into memory, and enough that a step finds few of its rows in the caches. */
export function sparseSpec(entries: number, { tableRows }: Pick<Plan, 'tableRows'>): ProblemSpec {
  return { kind: 'sparse', entries, tableRows, batches: entries > 10_000 ? 6 : 40 }
}

export function labelOf(spec: ProblemSpec): string {
  const count = (value: number) => value.toLocaleString('en')
  return spec.kind === 'dense' ? count(spec.length) : `${count(spec.entries)} rows`
}

/** The pace at which steps of a problem are timed. */
export function paceOf(spec: ProblemSpec, plan: Plan): Pace {
  const coordinates = spec.kind === 'dense' ? spec.length : 8 * spec.entries
  return coordinates > 300_000 ? plan.slow : plan.quick
}
