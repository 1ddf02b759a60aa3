import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { rowsAfter } from '../../bench/formula.ts'
import { makeProblem, type Problem, type Settings } from '../../bench/problem.ts'

/** The slow formula that answers are checked with, against numbers worked out by hand. */
const test = suite('bench: formula')

const EXACT: Settings = {
  learningRate: 1,
  variableRelativeThreshold: 0.125,
  accumulatorRelativeThreshold: 0,
  absoluteThreshold: 0,
  epsilon: 0,
}

/** Two rows of a table of 16 columns, all alike in a row: weights 8 and accumulators 4. */
function problemOf(indices: number[], gradients: number[]): Problem {
  const problem = makeProblem({ kind: 'sparse', entries: indices.length, tableRows: 2, batches: 1 })
  const values = Float32Array.from({ length: 16 * indices.length }, (_, i) => gradients[Math.floor(i / 16)])
  const batches = [{ indices: Int32Array.from(indices), values }]
  return { ...problem, variable: problem.variable.fill(8), accumulator: problem.accumulator.fill(4), batches }
}

function afterOne(problem: Problem, settings: Partial<Settings>, formula: 'Clippy' | 'Adagrad' = 'Clippy') {
  const rows = rowsAfter(problem, formula, { ...EXACT, ...settings }, 1)
  return [...rows].map(([row, { variable, accumulator }]) => {
    assert.is(new Set(variable).size, 1)
    return [row, variable[0], accumulator[0]]
  })
}

test('the smallest room of all rows clips every one', () => {
  // Changes of 4 and 1 where 1 is allowed: a factor of 1/4.
  assert.equal(afterOne(problemOf([0, 1], [8, 2]), {}), [
    [0, 7, 68],
    [1, 7.75, 8],
  ])
})

test('repeated rows are summed first, and rows without a gradient do not appear', () => {
  assert.equal(afterOne(problemOf([1, 1], [6, 2]), {}), [[1, 7, 68]])
})

test('modes and thresholds', () => {
  const problem = problemOf([0], [8])
  assert.equal(afterOne(problem, { clipAccumulatorUpdate: true }), [[0, 7, 8]])
  assert.equal(
    afterOne(problemOf([0], [Math.sqrt(60)]), { useStandardAccumulatorUpdate: true })[0][1],
    8 - Math.fround(Math.sqrt(60)) / Math.sqrt(4 + Math.fround(Math.sqrt(60)) ** 2),
  )
  assert.equal(afterOne(problem, { accumulatorRelativeThreshold: 2 }), [[0, 6, 68]])
  assert.equal(afterOne(problem, { absoluteThreshold: 2 }), [[0, 5, 68]])
  // A decayed weight of 4 has half the room.
  assert.equal(afterOne(problem, { weightDecay: 0.5 }), [[0, 3.5, 68]])
})

test('Adagrad adds the square first and is not clipped', () => {
  const square = 8 ** 2 + 4
  assert.equal(afterOne(problemOf([0], [8]), { variableRelativeThreshold: 0 }, 'Adagrad'), [
    [0, 8 - 8 / Math.sqrt(square), square],
  ])
})

test('steps take the batches in turn', () => {
  const problem = problemOf([0], [2])
  const other = { indices: Int32Array.of(1), values: new Float32Array(16).fill(2) }
  const rows = rowsAfter({ ...problem, batches: [...problem.batches, other] }, 'Clippy', EXACT, 3)
  assert.equal(
    [...rows].map(([row, { accumulator }]) => [row, accumulator[0]]),
    [
      [0, 12],
      [1, 8],
    ],
  )
})

test.run()
