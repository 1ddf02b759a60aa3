import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { curvesOf } from '../../../bench/stability/curves.ts'
import { countTogether, deadShare, failuresOf, type Goals, goalsOf } from '../../../bench/stability/failures.ts'
import { formatDead, formatFailures, formatTogether } from '../../../bench/stability/failures-report.ts'
import { CANDIDATES, METHODS } from '../../../bench/stability/methods.ts'
import { MAIN_MODELS, type ModelKind, tasksOf } from '../../../bench/stability/models.ts'
import type { Run } from '../../../bench/stability/run-log.ts'
import { chosen, formatValidation } from '../../../bench/stability/validation.ts'

const test = suite('stability: failures')

const SPEC = { method: 'Adagrad', learningRate: 1, seed: 1, epochs: 2, rows: 'all', split: 'test', seconds: 1 } as const
const DEAD = { 'shared layer 1': 0, 'shared layer 2': 0.5, 'task 1, layer 1': 0.75, 'task 2, layer 1': 0.125 }

function run(model: ModelKind, areas: number[], rest: Partial<Run> = {}): Run {
  return { ...SPEC, model, areas, dead: DEAD, ...rest }
}

const GOALS: Goals = new Map([
  ['shared, income', 0.8],
  ['shared, never married', 0.7],
])

test('a task fails below its own goal, whatever model of the family it is a task of', () => {
  assert.equal(failuresOf(run('shared', [0.75, 0.75]), GOALS), [true, false])
  assert.equal(failuresOf(run('shared', [0.8, 0.69]), GOALS), [false, true])
  assert.equal(failuresOf(run('shared, never married alone', [0.75]), GOALS), [false])
  assert.equal(failuresOf(run('shared, income twice', [0.75, 0.85]), GOALS), [true, false])
  assert.throws(() => failuresOf(run('experts', [0.75, 0.75]), GOALS), /no goal for income of experts/)
})

test('the goal is a twentieth below the best mean of any optimizer on the model of both tasks', () => {
  const runs = MAIN_MODELS.flatMap((model) =>
    METHODS.flatMap(({ name: method }) =>
      [0.1, 1].map((learningRate) => {
        const best = method === 'LAMB' && learningRate === 1 ? 0.9 : 0.6
        return run(
          model,
          tasksOf(model).map((_, task) => best - task / 10),
          { method, learningRate },
        )
      }),
    ),
  )
  const goals = goalsOf(curvesOf(runs, [0.1, 1]))
  for (const [name, goal] of [
    ['shared, income', 0.85],
    ['experts, never married', 0.75],
  ] as const) {
    assert.ok(Math.abs((goals.get(name) ?? 0) - goal) < 1e-12, name)
  }
})

const ENDS = [
  [0.9, 0.9],
  [0.9, 0.5],
  [0.5, 0.5],
  [0.5, 0.5],
  [0.5, 0.9],
  [0.9, 0.5],
  [0.4, 0.4],
]

test('tasks are counted by whether they fail alone or together', () => {
  const runs = ENDS.map((areas) => run('shared', areas))
  assert.equal(countTogether(runs, GOALS), { neither: 1, first: 1, second: 2, both: 3 })
})

test('dead units are those of a tower, or the mean of what the towers share', () => {
  const one = run('shared', [0.9, 0.9])
  assert.equal([deadShare(one, 0), deadShare(one, 1), deadShare(one, 'shared')], [0.75, 0.125, 0.25])
  const { 'task 1, layer 1': _, ...dead } = DEAD
  assert.is(deadShare(run('shared, never married alone', [0.9], { dead }), 0), 0.125)
})

/** The cells of a table, without its head. */
function cellsOf(table: string): string[][] {
  const [, , ...rows] = table.split('\n')
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}

test('the tables count seeds, only Adagrad where towers are compared, and say what was not tried', () => {
  const runs = [
    ...ENDS.map((areas, seed) => run('shared', areas, { seed })),
    run('shared', [0.9, 0.9], { learningRate: 2 }),
    run('shared', [0.5, 0.5], { method: 'LAMB' }),
    run('shared, income twice', [0.5, 0.9]),
  ]
  assert.equal(cellsOf(formatFailures(runs, [1, 2], GOALS)), [
    ['shared', 'income', 'Adagrad', '4 of 7', '0 of 1'],
    ['shared', 'never married', 'Adagrad', '5 of 7', '0 of 1'],
    ['shared', 'income', 'LAMB', '1 of 1', '–'],
    ['shared', 'never married', 'LAMB', '1 of 1', '–'],
    ['shared, income twice', 'income', 'Adagrad', '1 of 1', '–'],
    ['shared, income twice', 'income, second tower', 'Adagrad', '1 of 1', '–'].map((cell, at) =>
      at === 3 ? '0 of 1' : cell,
    ),
  ])
  assert.equal(cellsOf(formatTogether(runs, [1, 2], GOALS)).slice(0, 2), [
    ['shared', '1', '1', '1', '2', '3'],
    ['shared', '2', '1', '0', '0', '0'],
  ])
  // Eight runs: of the first towers, of 75 % dead units, four failed; of the second, of 12.5 %, five.
  assert.equal(cellsOf(formatDead(runs, GOALS))[0], ['shared', '13 %', '75 %', '25 %', '25 %'])
})

test('of the candidates, the one with the highest mean on the validation rows is taken', () => {
  const runs = CANDIDATES.flatMap(({ name: method }, index) =>
    [0.3, 3].map((learningRate) =>
      run('demo', [learningRate === 3 ? 0.9 - index / 100 : 0.5 + index / 20], {
        method,
        learningRate,
        split: 'validation',
      }),
    ),
  )
  // The higher mean is that of the later one.
  assert.is(chosen('GC', runs), 'GC: 1')
  assert.is(chosen('Clippy', [...runs, run('demo', [1], { method: 'GC: 1' })]), 'Clippy: 0.5, 0.1')
  const [first] = cellsOf(formatValidation(runs))
  assert.equal(first, ['GC: 0.01', '0.5000', '0.9000', '0.7000'])
})

test.run()
