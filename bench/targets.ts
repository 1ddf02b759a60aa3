import { isOurs, OURS, REFERENCE_XLA } from './contenders/names.ts'
import { exponentOfTableRows } from './growth.ts'
import { labelOf, type ProblemSpec, sizeOf } from './problem.ts'
import { findTiming, type Results, specsOf } from './results.ts'

/** One target and what came of it. */
export interface Verdict {
  readonly target: string
  readonly limit: number
  readonly unit: string
  /** Undefined where the run did not measure it. */
  readonly measured: number | undefined
}

export function isMet({ limit, measured }: Verdict): boolean {
  return measured !== undefined && measured <= limit
}

type Dense = Extract<ProblemSpec, { kind: 'dense' }>

/** Every target that the project has set itself, on the machine that the run was on. */
export function judge(results: Results): Verdict[] {
  const dense = specsOf(results.timings, 'dense')
  const large = dense.filter(({ length }) => length >= 4096)
  return [
    ...large.map((spec) => perElement(results, OURS.inPlace, spec, spec.length > 2 ** 20 ? 1.4 : 1.2)),
    ...large.map((spec) => {
      return perElement(results, OURS.staged, spec, spec.length > 2 ** 20 ? 2.8 : spec.length > 65_536 ? 2.2 : 1.6)
    }),
    ...large.map((spec) => perElement(results, OURS.scalar, spec, 10)),
    ...large.map((spec) => ratio(results, spec, OURS.inPlaceDouble, OURS.inPlace, 2)),
    ...large.map((spec) => ratio(results, spec, OURS.inPlaceAccumulator, OURS.inPlace, 1.3)),
    ...shortCalls(results, dense),
    ...specsOf(results.timings, 'sparse').flatMap((spec) => sparseSteps(results, spec)),
    ...[OURS.staged, OURS.optimizer].map((name) => tableGrowth(results, name)),
    ...dense.flatMap((spec) => ahead(results, spec)),
  ]
}

function nanoseconds({ timings }: Results, name: string, spec: ProblemSpec): number | undefined {
  return findTiming(timings, name, spec)?.nanoseconds.median
}

/** `compute` of two medians, if both are there. */
function combine(
  one: number | undefined,
  other: number | undefined,
  compute: (one: number, other: number) => number,
): number | undefined {
  return one === undefined || other === undefined ? undefined : compute(one, other)
}

function perElement(results: Results, name: string, spec: Dense, limit: number): Verdict {
  const measured = combine(nanoseconds(results, name, spec), sizeOf(spec), (time, size) => time / size)
  return { target: `${name}, ${labelOf(spec)}`, limit, unit: 'ns per element', measured }
}

function ratio(results: Results, spec: Dense, name: string, base: string, limit: number): Verdict {
  const measured = combine(nanoseconds(results, name, spec), nanoseconds(results, base, spec), (one, two) => one / two)
  return { target: `${name}, ${labelOf(spec)}`, limit, unit: 'times float32 without', measured }
}

/** What a call costs where there is next to nothing to do. */
function shortCalls(results: Results, dense: readonly Dense[]): Verdict[] {
  const spec = dense.find(({ length }) => length === 16)
  if (spec === undefined) return []
  const calls = [OURS.staged, OURS.inPlace].map((name) => {
    return { target: `${name}, 16`, limit: 250, unit: 'ns per call', measured: nanoseconds(results, name, spec) }
  })
  const [whole, part] = [OURS.optimizer, OURS.staged].map((name) => nanoseconds(results, name, spec))
  const added = combine(whole, part, (one, two) => one - two)
  return [
    ...calls,
    { target: 'what the Optimizer adds', limit: 1000, unit: 'ns per variable', measured: added },
    { target: 'what a step of the Optimizer allocates', limit: 0, unit: 'bytes', measured: results.garbage },
  ]
}

const SPARSE_LIMITS = new Map([
  [256, 60],
  [4096, 500],
  [65_536, 12_000],
])

function sparseSteps(results: Results, spec: Extract<ProblemSpec, { kind: 'sparse' }>): Verdict[] {
  const limit = SPARSE_LIMITS.get(spec.entries)
  if (limit === undefined) return []
  return [OURS.staged, OURS.inPlace].map((name) => {
    const time = nanoseconds(results, name, spec)
    const measured = time === undefined ? undefined : time / 1000
    return { target: `${name}, ${labelOf(spec)}`, limit, unit: 'µs', measured }
  })
}

/** An exponent that timing noise alone may show. */
const NO_GROWTH = 0.05

function tableGrowth({ tableTimings }: Results, name: string): Verdict {
  const measured = exponentOfTableRows(tableTimings, name, false)
  return { target: `${name}, growth with the rows of the table`, limit: NO_GROWTH, unit: 'exponent', measured }
}

/** This package's fastest way against the fastest other in JavaScript, and against the reference at its fastest. */
function ahead(results: Results, spec: Dense): Verdict[] {
  const rivals = results.participants.filter(({ name, formula, language }) => {
    return !isOurs(name) && formula === 'Clippy' && language === 'JavaScript'
  })
  const fastest = (names: readonly string[]) => {
    const times = names.flatMap((name) => nanoseconds(results, name, spec) ?? [])
    return times.length === 0 ? undefined : Math.min(...times)
  }
  const own = fastest([OURS.scalar, OURS.staged, OURS.inPlace])
  const share = (other: number | undefined) => combine(own, other, (one, two) => one / two)
  const label = labelOf(spec)
  return [
    {
      target: `ahead of other JavaScript, ${label}`,
      limit: 1,
      unit: 'of its time',
      measured: share(fastest(rivals.map(({ name }) => name))),
    },
    {
      target: `ahead of TensorFlow XLA, ${label}`,
      limit: 1,
      unit: 'of its time',
      measured: share(fastest([REFERENCE_XLA])),
    },
  ]
}
