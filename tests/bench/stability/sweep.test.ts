import { execFile } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { UsageError } from '../../../bench/options.ts'
import { fingerprint } from '../../../bench/stability/fingerprint.ts'
import { METHODS } from '../../../bench/stability/methods.ts'
import { createModel, type ModelKind, tasksOf } from '../../../bench/stability/models.ts'
import { HELP, parseOptions } from '../../../bench/stability/options.ts'
import { FULL_PLAN, shorten, specsOf } from '../../../bench/stability/plan.ts'
import {
  breakdownOf,
  deadUnits,
  GUESSING,
  loadData,
  type RunSpec,
  runOnce,
  trainOnce,
} from '../../../bench/stability/run.ts'
import { type Run, RunLog } from '../../../bench/stability/run-log.ts'
import { runSweep } from '../../../bench/stability/sweep.ts'
import { runExperiment } from '../../../examples/adult/experiment.ts'
import { areaUnderCurve } from '../../../examples/adult/metrics.ts'
import { seededRandom } from '../../../examples/adult/random.ts'
import { predict } from '../../../examples/adult/train.ts'
import { REPOSITORY } from '../../support/repository.ts'

const test = suite('stability: sweep')

const parent = join(REPOSITORY, 'tests/.tmp')
mkdirSync(parent, { recursive: true })
const folder = mkdtempSync(join(parent, 'stability-'))
test.after(() => rmSync(folder, { recursive: true, force: true }))

const SPEC: RunSpec = {
  model: 'demo',
  method: 'Clippy (0.1, 0.01)',
  learningRate: 1,
  seed: 1,
  epochs: 2,
  rows: 512,
  split: 'test',
}
const data = loadData(SPEC)

test('the whole sweep has every method on every main model at every rate, and no run twice', () => {
  const specs = specsOf(FULL_PLAN)
  assert.is(new Set(specs.map((spec) => JSON.stringify(spec))).size, specs.length)
  for (const model of ['demo', 'deep', 'shared', 'experts']) {
    for (const { name } of METHODS) {
      const own = specs.filter((spec) => spec.model === model && spec.method === name && spec.seed === 1)
      for (const rate of [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30]) {
        assert.is(own.filter(({ learningRate }) => learningRate === rate).length, 1, `${model}, ${name}, ${rate}`)
      }
    }
  }
})

test('the answers about two tasks rest on 16 seeds', () => {
  const specs = specsOf(FULL_PLAN)
  const seedsOf = (model: ModelKind, method: string, rate: number): number =>
    specs.filter((s) => s.model === model && s.method === method && s.learningRate === rate).length
  for (const family of ['shared', 'experts'] as const) {
    for (const rate of [1, 1.5, 2, 3]) assert.is(seedsOf(family, 'Adagrad', rate), 16)
    for (const method of ['Adagrad + GC', 'Clippy (0.1, 0.01)']) assert.is(seedsOf(family, method, 1.5), 16)
    for (const variant of ['income alone', 'never married alone', 'income twice'] as const) {
      for (const rate of [1.5, 2]) assert.is(seedsOf(`${family}, ${variant}`, 'Adagrad', rate), 16)
    }
  }
})

test('thresholds and norms are chosen with training rows, and with a seed, that no final run is tested with', () => {
  const [validation, final] = [true, false].map((is) =>
    specsOf(FULL_PLAN).filter(
      ({ model, split }) => ['demo', 'deep'].includes(model) && (split === 'validation') === is,
    ),
  )
  assert.is(validation.length, 11 * 4 * 2)
  assert.ok(validation.every(({ seed }) => final.every((other) => other.seed !== seed)))

  const split = loadData({ ...SPEC, split: 'validation' })
  assert.is(split.training.length + split.test.length, data.training.length)
  const ones = (labels: Uint8Array): number => labels.filter((label) => label === 1).length
  assert.is(ones(split.training.labels[0]) + ones(split.test.labels[0]), ones(data.training.labels[0]))
})

test('a shortened plan has the same models and methods', () => {
  const kinds = (plan: typeof FULL_PLAN) => new Set(specsOf(plan).map(({ model, method }) => `${model} ${method}`))
  assert.equal(kinds(shorten(FULL_PLAN)), kinds(FULL_PLAN))
})

test("a run trains the demo's model as the demo does", () => {
  const { training, test, categoryCounts } = data
  const demo = runExperiment({ method: 'ClippyAdagrad', learningRate: 1, training, test, categoryCounts, epochs: 2 })
  assert.equal(runOnce(SPEC, data).areas, [demo.scores[0].areaUnderCurve])
})

test('a run depends on its spec alone, not on the run before it', () => {
  const areas = [1, 2, 1].map((seed) => runOnce({ ...SPEC, seed }, data).areas[0])
  assert.is(areas[0], areas[2])
  assert.is.not(areas[0], areas[1])
})

test('a run that diverges stops early, says where, and counts as guessing', () => {
  const { areas, breakdown = '' } = runOnce({ ...SPEC, method: 'LAMB', learningRate: 1e6, epochs: 20 }, data)
  assert.equal(areas, [GUESSING])
  assert.match(breakdown, /not finite in batch \d+/)
})

test('weights that an optimizer refuses as not finite are a breakdown, other errors are not', () => {
  const failing = (error: Error) => () => {
    throw error
  }
  assert.is(
    breakdownOf(() => ({})),
    undefined,
  )
  assert.is(
    breakdownOf(failing(new RangeError('w[0] is NaN; expected a finite number'))),
    'w[0] is NaN; expected a finite number',
  )
  assert.throws(() => breakdownOf(failing(new RangeError('wrong length'))), /wrong length/)
})

test('a sweep gives the runs in the order of the plan, and resumes after a break without doing any twice', async () => {
  const path = join(folder, 'resumed.jsonl')
  const specs = [3, 1, 2].map((seed): RunSpec => ({ ...SPEC, seed }))
  const before: Run = { ...specs[0], areas: [0.75], dead: {}, seconds: 1 }
  new RunLog(path, 'now').add(before)
  appendFileSync(path, '{"fingerprint":"now","run":{"mod') // As a kill leaves it.
  const done: number[] = []
  const sweep = () => runSweep(specs, { jobs: 2, log: new RunLog(path, 'now'), onRun: ({ seed }) => done.push(seed) })
  const runs = await sweep()
  assert.equal(runs[0], before)
  for (const run of runs.slice(1)) assert.equal(run.areas, runOnce(run, data).areas)
  assert.equal(
    runs.map(({ seed }) => seed),
    [3, 1, 2],
  )
  assert.equal(done.sort(), [1, 2])
  assert.equal(await sweep(), runs)
  assert.is(done.length, 2)
})

test('a run that fails ends the sweep and is named', async () => {
  const log = new RunLog(join(folder, 'failed.jsonl'), 'now')
  const error = await runSweep([{ ...SPEC, method: 'none' }], { jobs: 1, log, onRun: () => {} }).catch(
    (caught) => caught,
  )
  assert.match(String(error), /"method":"none".* failed: RangeError: there is no method named 'none'/)
})

test('the log keeps a run for its exact spec and fingerprint', () => {
  const path = join(folder, 'log.jsonl')
  const run: Run = {
    ...SPEC,
    areas: [0.75, 0.5],
    dead: { a: 0.5 },
    breakdown: 'loss not finite in batch 3',
    seconds: 1.5,
  }
  new RunLog(path, 'now').add(run)
  assert.equal(new RunLog(path, 'now').find(SPEC), run)
  assert.is(new RunLog(path, 'later').find(SPEC), undefined)
  const others: RunSpec[] = [
    { ...SPEC, model: 'deep' },
    { ...SPEC, method: 'LAMB' },
    { ...SPEC, learningRate: 3 },
    { ...SPEC, seed: 2 },
    { ...SPEC, epochs: 1 },
    { ...SPEC, rows: 'all' },
    { ...SPEC, split: 'validation' },
  ]
  for (const other of others) assert.is(new RunLog(path, 'now').find(other), undefined)
})

test('the fingerprint is the same each time', () => {
  assert.match(fingerprint(), /^[0-9a-f]{16}$/)
  assert.is(fingerprint(), fingerprint())
})

const TWO: RunSpec = { ...SPEC, model: 'shared' }
const twoTasks = loadData(TWO)

test('a run of two tasks has an area for each, and the same task twice has two', () => {
  const { areas } = runOnce(TWO, twoTasks)
  const logits = predict(trainOnce(TWO, twoTasks).model, twoTasks.test, 256)
  assert.equal(
    areas,
    logits.map((own, task) => areaUnderCurve(own, twoTasks.test.labels[task])),
  )
  const twice = runOnce({ ...TWO, model: 'shared, income twice' }, twoTasks).areas
  assert.is(twice.length, 2)
  // Both are tested by the labels of income, of which the first tower knows as much as it does beside the other task.
  for (const area of twice) assert.ok(area > 0.6, String(area))
  assert.equal(tasksOf('shared, income twice'), ['income', 'income'])
})

test('a task alone begins as it does beside the other: the same weights, the same first batches', () => {
  const first = (kind: ModelKind) => createModel(kind, twoTasks.categoryCounts, seededRandom(1))
  const [both, alone] = [first('shared'), first('shared, never married alone')]
  for (const { name, value } of alone.variables) {
    assert.equal(value, both.variables.find((other) => other.name === name)?.value, name)
  }
  const randoms = [seededRandom(1), seededRandom(1)]
  createModel('experts', twoTasks.categoryCounts, randoms[0])
  createModel('experts, income alone', twoTasks.categoryCounts, randoms[1])
  assert.is(randoms[0](), randoms[1]())
})

test('the final layers, which AGC leaves alone, are those that give the logits', () => {
  const names = (kind: ModelKind) =>
    createModel(kind, (kind === 'demo' ? data : twoTasks).categoryCounts, seededRandom(1)).finalLayer.map(
      ({ name }) => name,
    )
  assert.equal(names('demo'), ['output, weights', 'output, bias'])
  const tower = (task: number) => [`task ${task}, output, weights`, `task ${task}, output, bias`]
  assert.equal(names('experts'), [...tower(1), ...tower(2)])
})

test('a unit is dead if no row turns it on', () => {
  const { model, variables } = createModel('shared', twoTasks.categoryCounts, seededRandom(1))
  const before = deadUnits(model, twoTasks.test)
  const bias = variables.find(({ name }) => name === 'task 2, layer 1, bias')
  bias?.value.fill(-1e6, 0, 12)
  bias?.value.fill(1e6, 12)
  assert.equal(deadUnits(model, twoTasks.test), { ...before, 'task 2, layer 1': 0.75 })
  assert.ok(before['task 2, layer 1'] < 0.5)
})

test('options have defaults, and mistakes are refused in one line', () => {
  const { jobs, ...rest } = parseOptions([])
  assert.ok(jobs >= 1)
  assert.equal(rest, { quick: false, write: false, help: false })
  assert.is(parseOptions(['--jobs', '3']).jobs, 3)
  const cases: [string[], RegExp][] = [
    [['--jobs', '0'], /^--jobs: expected a whole number from 1 on, received "0"/],
    [['--jobs', '1.5'], /received "1.5"/],
    [['--fast'], /^Unknown option '--fast'/],
    [['--quick', '--write'], /too rough/],
  ]
  for (const [commandLine, expected] of cases) {
    assert.throws(
      () => parseOptions(commandLine),
      (error: unknown) => error instanceof UsageError && expected.test(error.message) && !error.message.includes('\n'),
    )
  }
})

test('the program explains each of its options', async () => {
  const args = ['--import', 'tsx', 'bench/stability/main.ts', '--help']
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: REPOSITORY })
  assert.is(stdout, `${HELP}\n`)
  for (const name of ['--jobs', '--quick', '--write', '--help']) assert.ok(HELP.includes(name), name)
})

test('finished runs are kept out of the repository', () => {
  assert.match(readFileSync(join(REPOSITORY, 'bench/stability/.gitignore'), 'utf8'), /^out\/$/m)
})

test.run()
