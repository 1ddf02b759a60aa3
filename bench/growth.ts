import type { Timing } from './measure.ts'
import type { ProblemSpec } from './problem.ts'
import { fitPowerLaw } from './statistics.ts'

/** Below this many coordinates a call's fixed cost shows. */
const SMALLEST_LENGTH = 4096

/** The exponent of time against the length of a dense gradient; undefined with fewer than two sizes. */
export function exponentOfLength(timings: readonly Timing[], contender: string): number | undefined {
  return exponent(timings, contender, (spec) =>
    spec.kind === 'dense' && spec.length >= SMALLEST_LENGTH ? spec.length : undefined,
  )
}

/** The exponent of time against the entries of a sparse gradient. */
export function exponentOfEntries(timings: readonly Timing[], contender: string): number | undefined {
  return exponent(timings, contender, (spec) => (spec.kind === 'sparse' ? spec.entries : undefined))
}

/**
 * The exponent of time against the rows of the table, for one number of entries. `spread`: they are drawn from the whole
 * table, so that a larger one also misses the caches more often; otherwise from the same few rows of each.
 */
export function exponentOfTableRows(
  timings: readonly Timing[],
  contender: string,
  spread: boolean,
): number | undefined {
  return exponent(timings, contender, (spec) => tableRows(timings, spec, spread))
}

/** The rows of the table where `spec` belongs to the series; its smallest table belongs to both. */
export function tableRows(timings: readonly Timing[], spec: ProblemSpec, spread: boolean): number | undefined {
  if (spec.kind !== 'sparse') return undefined
  const smallest = Math.min(...timings.map((timing) => (timing.spec.kind === 'sparse' ? timing.spec.reach : Infinity)))
  return spec.reach === (spread ? spec.tableRows : smallest) ? spec.tableRows : undefined
}

function exponent(
  timings: readonly Timing[],
  contender: string,
  size: (spec: ProblemSpec) => number | undefined,
): number | undefined {
  const points = timings
    .filter((timing) => timing.contender === contender)
    .flatMap(({ spec, nanoseconds }) => {
      const x = size(spec)
      return x === undefined ? [] : [{ x, y: nanoseconds.median }]
    })
  return points.length < 2 ? undefined : fitPowerLaw(points).exponent
}
