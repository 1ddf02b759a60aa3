import { clippingFactor } from 'clippy-adagrad'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { requireAnswer, requireSameBits } from '../../bench/check.ts'
import type { Contender } from '../../bench/contenders/contender.ts'
import { optimizerOnAll, stepOnEach } from '../../bench/contenders/many.ts'
import { inPlaceStep, optimizerStep, ordinaryStep, ownMemoryStep } from '../../bench/contenders/ours.ts'
import { plainLoop } from '../../bench/contenders/plain-loop.ts'
import { makeProblem, type Problem, type ProblemSpec, SETTINGS } from '../../bench/problem.ts'

const test = suite('bench: contenders')

const SPECS: readonly ProblemSpec[] = [
  { kind: 'dense', length: 1 },
  { kind: 'dense', length: 16 },
  { kind: 'dense', length: 20_000 },
  { kind: 'sparse', entries: 4, tableRows: 9, batches: 1 },
  { kind: 'sparse', entries: 300, tableRows: 2000, batches: 3 },
]

/** Those that have to agree in each bit. */
function oursOf(problem: Problem): Contender[] {
  return [
    ordinaryStep(problem),
    inPlaceStep(problem),
    optimizerStep('ordinary', problem),
    ownMemoryStep('memory of its own', problem),
  ]
}

test('all give the right answer, again after a reset', () => {
  for (const spec of SPECS) {
    const problem = makeProblem(spec)
    const contenders = [plainLoop(problem), ...oursOf(problem)]
    for (let turn = 0; turn < 2; turn++) requireAnswer(contenders, problem)
  }
})

test('in double too', () => {
  const problem = makeProblem({ kind: 'dense', length: 300 })
  const inDouble = ordinaryStep(problem, { precision: Float64Array })
  requireAnswer([plainLoop(problem, Float64Array), inDouble, inPlaceStep(problem, Float64Array)], problem)
  assert.instance(inDouble.read().variable, Float64Array)
})

test('so do other modes, each by its own formula', () => {
  const problem = makeProblem({ kind: 'dense', length: 300 })
  for (const mode of [
    { clipAccumulatorUpdate: true },
    { useStandardAccumulatorUpdate: true },
    { accumulatorRelativeThreshold: 0.01 },
  ]) {
    const settings = { ...SETTINGS, ...mode }
    requireAnswer([ordinaryStep(problem, { settings })], problem, { settings })
    assert.throws(() => requireAnswer([ordinaryStep(problem, { settings })], problem), /coordinate \d+ is/)
  }
})

test('and weight decay', () => {
  const problem = makeProblem({ kind: 'dense', length: 300 })
  const decaying = optimizerStep('decay', problem, { weightDecay: 0.01 })
  requireAnswer([decaying], problem, { settings: { ...SETTINGS, weightDecay: 0.01 } })
  assert.throws(() => requireAnswer([decaying], problem), /decay, variable: coordinate \d+ is/)
})

test("this package's agree in every bit", () => {
  for (const spec of SPECS) {
    const problem = makeProblem(spec)
    const contenders = oursOf(problem)
    requireSameBits(contenders)
    // They are back at the start then.
    for (const contender of contenders) assert.equal(contender.read().variable, problem.variable)
  }
})

test('on many variables at once as one by one', () => {
  const specs = [...SPECS, ...SPECS]
  requireSameBits([stepOnEach('each', specs), optimizerOnAll('all', specs)])
  assert.throws(
    () => requireSameBits([stepOnEach('one', SPECS), stepOnEach('other', specs)]),
    /'other' and 'one' differ/,
  )
})

test('the first values stay as they are, so that all start from the same', () => {
  for (const spec of SPECS) {
    const problem = makeProblem(spec)
    requireAnswer([plainLoop(problem), ...oursOf(problem)], problem)
    assert.equal(problem, makeProblem(spec))
  }
})

test('steps are clipped, every fourth row repeats, and batches differ', () => {
  for (const spec of SPECS.slice(1)) {
    const { variable, accumulator, batches } = makeProblem(spec)
    for (const batch of batches) {
      const gradient = spec.kind === 'dense' ? batch.values : batch
      assert.ok(clippingFactor(variable, accumulator, gradient, SETTINGS) < 1, JSON.stringify(spec))
      if (spec.kind === 'sparse') assert.ok(new Set(batch.indices).size <= 0.75 * spec.entries)
    }
    assert.is(new Set(batches.map(({ indices }) => indices.join())).size, batches.length)
  }
})

/** The plain loop with one coordinate of its variable changed. */
function spoilt(problem: Problem, where: number, by: number): Contender {
  const contender = plainLoop(problem)
  const read = () => ({
    ...contender.read(),
    variable: Float64Array.from(contender.read().variable, (w, i) => (i === where ? w + by : w)),
  })
  return { ...contender, name: 'careless', read }
}

test('a wrong answer is refused, with the coordinate', () => {
  const problem = makeProblem({ kind: 'dense', length: 10 })
  const wrong = () => requireAnswer([spoilt(problem, 7, 1e-3)], problem)
  assert.throws(wrong, /careless, variable: coordinate 7 is/)
  assert.throws(() => requireAnswer([spoilt(problem, 7, Number.NaN)], problem), /coordinate 7 is NaN/)
  const differ = () => requireSameBits([plainLoop(problem), spoilt(problem, 3, 2 ** -20)])
  assert.throws(differ, /'careless' and 'plain loop' differ in variable, coordinate 3/)
})

test('a row that has no gradient must not change, by however little', () => {
  const problem = makeProblem({ kind: 'sparse', entries: 4, tableRows: 50, batches: 2 })
  const touched = new Set(problem.batches.flatMap(({ indices }) => [...indices]))
  const row = problem.variable.findIndex((_, row) => !touched.has(row))
  assert.throws(
    () => requireAnswer([spoilt(problem, 16 * row, 1e-9)], problem),
    new RegExp(`coordinate ${16 * row} is`),
  )
})

test.run()
