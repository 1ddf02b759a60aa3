import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { OURS, REFERENCE_XLA } from '../../bench/contenders/names.ts'
import { exponentOfEntries, exponentOfLength, exponentOfTableRows } from '../../bench/growth.ts'
import type { Timing } from '../../bench/measure.ts'
import { FULL_PLAN, type Plan, QUICK_PLAN } from '../../bench/plan.ts'
import { type ProblemSpec, sizeOf } from '../../bench/problem.ts'
import { formatReadmeSection, formatReport } from '../../bench/report.ts'
import type { Participant, Results } from '../../bench/results.ts'
import { isMet, judge } from '../../bench/targets.ts'

const test = suite('bench: report')

/** Nanoseconds per coordinate that each of these pretends to take. */
const PACE: Record<string, number> = {
  [OURS.scalar]: 9,
  [OURS.staged]: 1.5,
  [OURS.inPlace]: 1.1,
  [OURS.optimizer]: 1.6,
  [OURS.inPlaceDouble]: 2.1,
  [OURS.inPlaceAccumulator]: 1.5,
  'plain two-pass loop': 8,
  'tf.js wasm, its Adagrad': 1,
  [REFERENCE_XLA]: 4,
}

function timing(contender: string, spec: ProblemSpec, nanoseconds: number): Timing {
  const spread = { lowerQuartile: 0.9 * nanoseconds, upperQuartile: 1.1 * nanoseconds }
  return { contender, spec, nanoseconds: { median: nanoseconds, ...spread } }
}

/** What a run would find where every step takes its pace per coordinate, whatever the table. */
function resultsOf(plan: Plan, change: Partial<Results> = {}): Results {
  const participants = Object.keys(PACE).map(
    (name): Participant => ({
      name,
      formula: name.endsWith('Adagrad') ? 'Adagrad' : 'Clippy',
      isVariant: name === OURS.inPlaceDouble || name === OURS.inPlaceAccumulator,
      language: name === REFERENCE_XLA ? 'Python' : 'JavaScript',
    }),
  )
  const all = (specs: readonly ProblemSpec[], names: readonly string[]) =>
    specs.flatMap((spec) => names.map((name) => timing(name, spec, PACE[name] * sizeOf(spec))))
  const clippy = participants.filter(({ formula }) => formula === 'Clippy').map(({ name }) => name)
  return {
    machine: 'a machine',
    python: 'Python 3',
    rounds: plan.rounds,
    milliseconds: plan.milliseconds,
    participants,
    timings: [...all(plan.dense, Object.keys(PACE)), ...all(plan.sparse, clippy)],
    tableTimings: all(plan.tables, [OURS.staged, OURS.optimizer]),
    memory: [{ contender: OURS.staged, held: 12, peak: 13 }],
    garbage: 0,
    leftOut: [{ name: 'tf.js', why: 'it is not there' }],
    ...change,
  }
}

const full = resultsOf(FULL_PLAN)

test('times in proportion to size have exponent 1, on tables of any size 0', () => {
  const near = (got: number | undefined, want: number) => assert.ok(Math.abs((got ?? Number.NaN) - want) < 1e-9)
  near(exponentOfLength(full.timings, OURS.staged), 1)
  near(exponentOfEntries(full.timings, OURS.staged), 1)
  for (const spread of [false, true]) near(exponentOfTableRows(full.tableTimings, OURS.staged, spread), 0)
})

test('the two series of tables are told apart', () => {
  // Only where rows are spread does a larger table take longer.
  const tableTimings = full.tableTimings.map(({ contender, spec }) => {
    const isSpread = spec.kind === 'sparse' && spec.reach === spec.tableRows
    return timing(contender, spec, spec.kind === 'sparse' && isSpread ? spec.tableRows : FULL_PLAN.tables.length)
  })
  const smallest = timing(OURS.staged, FULL_PLAN.tables[0], FULL_PLAN.tables.length)
  const series = [smallest, ...tableTimings.filter(({ spec }) => spec !== FULL_PLAN.tables[0])]
  assert.is(exponentOfTableRows(series, OURS.staged, false), 0)
  assert.ok((exponentOfTableRows(series, OURS.staged, true) ?? 0) > 1)
})

test('a single size has no exponent', () => {
  const timings = [timing('x', { kind: 'dense', length: 4096 }, 1)]
  assert.is(exponentOfLength(timings, 'x'), undefined)
  assert.is(exponentOfEntries(timings, 'x'), undefined)
  assert.is(exponentOfLength(timings, 'y'), undefined)
})

function verdict(results: Results, target: string) {
  const found = judge(results).find((one) => one.target === target)
  if (found === undefined) throw new Error(`there is no target '${target}'`)
  return found
}

test('every limit is held against its median', () => {
  const limits: [string, number, boolean][] = [
    [`${OURS.inPlace}, 1,048,576`, 1.2, true],
    [`${OURS.inPlace}, 8,388,608`, 1.4, true],
    [`${OURS.staged}, 65,536`, 1.6, true],
    [`${OURS.staged}, 1,048,576`, 2.2, true],
    [`${OURS.staged}, 8,388,608`, 2.8, true],
    [`${OURS.scalar}, 4,096`, 10, true],
    [`${OURS.inPlaceDouble}, 4,096`, 2, true],
    [`${OURS.inPlaceAccumulator}, 4,096`, 1.3, false],
    [`${OURS.staged}, 16`, 250, true],
    ['what the Optimizer adds', 1000, true],
    ['what a step of the Optimizer allocates', 0, true],
    [`${OURS.staged}, 256 of 1,000,000 rows`, 60, true],
    [`${OURS.inPlace}, 65,536 of 1,000,000 rows`, 12_000, true],
    [`${OURS.optimizer}, growth with the rows of the table`, 0.05, true],
    ['ahead of other JavaScript, 65,536', 1, true],
    ['ahead of TensorFlow XLA, 16', 1, true],
  ]
  for (const [target, limit, met] of limits) {
    const found = verdict(full, target)
    assert.is(found.limit, limit, target)
    assert.is(isMet(found), met, `${target}: ${found.measured}`)
  }
})

test('Adagrad does not clip, so that it is no rival', () => {
  assert.is(verdict(full, 'ahead of other JavaScript, 65,536').measured, 1.1 / 8)
})

test('a target that was not measured is neither met nor missed', () => {
  const timings = full.timings.filter(({ contender }) => contender !== REFERENCE_XLA)
  const results = { ...full, timings, garbage: undefined }
  for (const target of ['ahead of TensorFlow XLA, 16', 'what a step of the Optimizer allocates']) {
    assert.is(verdict(results, target).measured, undefined)
    assert.not(isMet(verdict(results, target)))
  }
  assert.match(formatReport(results), /ahead of TensorFlow XLA, 16 +\| +≤ 1 \| +– \| of its time +\| not measured/)
})

test('the report has a row for everyone in each table, and names who is left out', () => {
  const report = formatReport(full)
  assert.match(report, /^a machine\. Python 3\.\nOne thread each, 15 rounds of 30 ms/)
  assert.match(report, /\| SIMD kernel, allocate\(\) +\| +1\.10 \(0\.990–1\.21\) \|/)
  assert.match(report, /\| tf\.js wasm, its Adagrad +\| +1\.00 \(/)
  assert.match(report, /### Left out\n\n- tf\.js: it is not there/)
  assert.not.match(report, /undefined|NaN/)
  const [, sparse] = report.split('### Sparse gradients')
  assert.not.match(sparse.split('###')[0], /Adagrad/)
  assert.not.match(formatReport({ ...full, leftOut: [] }), /Left out/)
})

test("the README's section has medians only, and a dash where there is none", () => {
  const section = formatReadmeSection(full)
  assert.match(section, /^## Speed\n/)
  assert.match(section, /\| tf\.js wasm, its Adagrad( +\| +1\.00){6}( +\| +–){3} \|/)
  assert.not.match(section, /float64/)
  assert.match(section, /\n1,000,000 × 16 table/)
})

test('a quick run makes a report too', () => {
  assert.not.match(formatReport(resultsOf(QUICK_PLAN, { python: undefined, leftOut: [] })), /undefined|NaN/)
})

test.run()
