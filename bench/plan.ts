import type { ProblemSpec } from './problem.ts'

/** How much a run measures. */
export interface Plan {
  readonly dense: readonly ProblemSpec[]
  readonly sparse: readonly ProblemSpec[]
  /** One number of entries, on growing tables: first in the same rows of each, then spread over all its rows. */
  readonly tables: readonly ProblemSpec[]
  /** What memory is measured at. */
  readonly memory: ProblemSpec
  readonly rounds: number
  /** Of each contender in each round. */
  readonly milliseconds: number
}

const dense = (length: number): ProblemSpec => ({ kind: 'dense', length })

const sparse = (entries: number, tableRows: number, reach = tableRows): ProblemSpec => {
  return { kind: 'sparse', entries, tableRows, reach }
}

function growingTables(entries: number, tableRows: readonly number[]): ProblemSpec[] {
  return [
    ...tableRows.map((rows) => sparse(entries, rows, tableRows[0])),
    ...tableRows.slice(1).map((rows) => sparse(entries, rows)),
  ]
}

export const FULL_PLAN: Plan = {
  dense: [16, 256, 4096, 65_536, 1_048_576, 8_388_608].map(dense),
  sparse: [256, 4096, 65_536].map((entries) => sparse(entries, 1_000_000)),
  tables: growingTables(4096, [10_000, 100_000, 1_000_000]),
  memory: dense(8_388_608),
  rounds: 15,
  milliseconds: 30,
}

/** Enough to see that everything works; the figures are rough. */
export const QUICK_PLAN: Plan = {
  dense: [16, 256, 4096, 65_536].map(dense),
  sparse: [256, 4096].map((entries) => sparse(entries, 50_000)),
  tables: growingTables(256, [1000, 10_000, 100_000]),
  memory: dense(1_048_576),
  rounds: 3,
  milliseconds: 5,
}
