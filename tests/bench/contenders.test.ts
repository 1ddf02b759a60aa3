import { clippingFactor, kernel } from 'clippy-adagrad'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { checkAnswer } from '../../bench/check.ts'
import { arrayMethods } from '../../bench/contenders/array-methods.ts'
import type { Contender } from '../../bench/contenders/contender.ts'
import { FAMILIES, listContenders } from '../../bench/contenders/index.ts'
import { OURS } from '../../bench/contenders/names.ts'
import { scalarContenders, simdContenders } from '../../bench/contenders/ours.ts'
import { plainLoop } from '../../bench/contenders/plain-loop.ts'
import { makeProblem, type ProblemSpec, SETTINGS, touchedCoordinates } from '../../bench/problem.ts'

const test = suite('bench: contenders')

const OWN = [...scalarContenders, ...simdContenders]
const ALL = [...OWN, plainLoop, arrayMethods]
const SPECS: ProblemSpec[] = [
  { kind: 'dense', length: 1 },
  { kind: 'dense', length: 16 },
  { kind: 'dense', length: 20_000 },
  { kind: 'sparse', entries: 4, tableRows: 9, reach: 9 },
  { kind: 'sparse', entries: 300, tableRows: 2000, reach: 100 },
  { kind: 'sparse', entries: 300, tableRows: 2000, reach: 2000 },
]

function prepare(contender: Contender, problem: ReturnType<typeof makeProblem>) {
  const prepared = contender.prepare(problem)
  if (prepared === undefined) throw new Error(`${contender.name} cannot do ${JSON.stringify(problem.spec)}`)
  return prepared
}

test('all that need no peer give the right answer, again after a reset', () => {
  for (const spec of SPECS) {
    const problem = makeProblem(spec)
    for (const contender of ALL) {
      const prepared = prepare(contender, problem)
      const first = checkAnswer(contender, problem, prepared)
      assert.is(checkAnswer(contender, problem, prepared), first, `${contender.name}, ${JSON.stringify(spec)}`)
    }
  }
})

test('those that say so agree in every bit', () => {
  for (const spec of SPECS) {
    const problem = makeProblem(spec)
    const digests = ALL.filter(({ sameBits }) => sameBits !== undefined).map((contender) =>
      checkAnswer(contender, problem, prepare(contender, problem)),
    )
    assert.is(digests.length, 5)
    assert.is(new Set(digests).size, 1)
  }
})

test('the first values stay as they are, so that all start from the same', () => {
  for (const spec of SPECS) {
    const problem = makeProblem(spec)
    for (const contender of ALL) checkAnswer(contender, problem, prepare(contender, problem))
    assert.equal(problem, makeProblem(spec))
  }
})

test('steps are clipped, and some rows repeat', () => {
  for (const spec of SPECS.slice(1)) {
    const { variable, accumulator, gradient, indices } = makeProblem(spec)
    const given = indices === undefined ? gradient : { indices, values: gradient }
    assert.ok(clippingFactor(variable, accumulator, given, SETTINGS) < 1, JSON.stringify(spec))
    if (indices !== undefined) assert.ok(new Set(indices).size < indices.length)
  }
})

test('a wrong answer is refused, with the coordinate', () => {
  const problem = makeProblem({ kind: 'dense', length: 10 })
  const careless: Contender = {
    ...plainLoop,
    name: 'careless',
    prepare(given) {
      const prepared = prepare(plainLoop, given)
      return {
        ...prepared,
        read() {
          const { variable, accumulator } = prepared.read()
          return { variable: Float64Array.from(variable, (w, i) => (i === 7 ? w * 1.0001 : w)), accumulator }
        },
      }
    },
  }
  assert.throws(() => checkAnswer(careless, problem, prepare(careless, problem)), /careless, variable: coordinate 7 is/)
})

test('a row that has no gradient must not change', () => {
  const problem = makeProblem({ kind: 'sparse', entries: 4, tableRows: 50, reach: 50 })
  const touched = new Set(touchedCoordinates(problem))
  const elsewhere = problem.variable.findIndex((_, i) => !touched.has(i))
  const prepared = prepare(plainLoop, problem)
  const spoilt = {
    ...prepared,
    step() {
      prepared.step()
      ;(prepared.read().variable as Float32Array)[elsewhere] += 1
    },
  }
  assert.throws(() => checkAnswer(plainLoop, problem, spoilt), /1 coordinates of rows without a gradient changed/)
})

test('every family of contenders is listed, or says what is left out and why', async () => {
  const lists = await Promise.all(FAMILIES.filter((family) => family !== 'tf.js').map(listContenders))
  const names = lists.flatMap(({ contenders }) => contenders.map(({ name }) => name))
  const leftOut = lists.flatMap((list) => list.leftOut)
  assert.equal([...names, ...leftOut.map(({ name }) => name)].sort(), ALL.map(({ name }) => name).sort())
  const missing = kernel() === 'simd' ? [OURS.scalar] : Object.values(OURS).filter((name) => name !== OURS.scalar)
  assert.equal(leftOut.map(({ name }) => name).sort(), [...missing].sort())
  for (const { why } of leftOut) assert.is(why, `kernel() is '${kernel()}' here`)
})

test.run()
