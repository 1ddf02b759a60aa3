import type { LeftOut } from './contenders/contender.ts'
import type { Timing } from './measure.ts'
import type { ProblemSpec } from './problem.ts'

/** What the tables say of a contender. */
export interface Participant {
  readonly name: string
  readonly formula: 'Clippy' | 'Adagrad'
  readonly isVariant: boolean
  /** Python runs before the JavaScript rounds, in a process of its own. */
  readonly language: 'JavaScript' | 'Python'
}

export interface MemoryUse {
  readonly contender: string
  /** Bytes per coordinate. */
  readonly held: number
  readonly peak: number
}

/** Everything that a run has found out. */
export interface Results {
  readonly machine: string
  /** Versions of what Python ran, or undefined without it. */
  readonly python: string | undefined
  readonly rounds: number
  readonly milliseconds: number
  readonly participants: readonly Participant[]
  readonly timings: readonly Timing[]
  /** One number of touched rows on growing tables. */
  readonly tableTimings: readonly Timing[]
  readonly memory: readonly MemoryUse[]
  /** Bytes that a step of the Optimizer on a dense gradient leaves on the heap. */
  readonly garbage: number | undefined
  readonly leftOut: readonly LeftOut[]
}

/** The problems of one kind that were timed, in the order in which they were. */
export function specsOf<Kind extends ProblemSpec['kind']>(
  timings: readonly Timing[],
  kind: Kind,
): Extract<ProblemSpec, { kind: Kind }>[] {
  const distinct = new Map(timings.map(({ spec }) => [JSON.stringify(spec), spec]))
  return [...distinct.values()].filter((spec): spec is Extract<ProblemSpec, { kind: Kind }> => spec.kind === kind)
}

export function findTiming(timings: readonly Timing[], contender: string, spec: ProblemSpec): Timing | undefined {
  const key = JSON.stringify(spec)
  return timings.find((timing) => timing.contender === contender && JSON.stringify(timing.spec) === key)
}
