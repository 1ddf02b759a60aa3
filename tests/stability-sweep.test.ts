import { execFile } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { UsageError } from '../bench/options.ts'
import { fingerprint, sourcesOf } from '../bench/stability/fingerprint.ts'
import { HELP, parseOptions } from '../bench/stability/options.ts'
import { FULL_PLAN, specsOf } from '../bench/stability/plan.ts'
import { type Run, RunLog } from '../bench/stability/run-log.ts'
import { runSweep } from '../bench/stability/sweep.ts'
import { breakdownOf, GUESSING, loadData, type RunSpec, runOnce } from '../bench/stability/training/run.ts'
import { runExperiment } from '../examples/adult/experiment.ts'
import { REPOSITORY } from './support/repository.ts'

const test = suite('stability: sweep')

const parent = join(REPOSITORY, 'tests/.tmp')
mkdirSync(parent, { recursive: true })
const folder = mkdtempSync(join(parent, 'stability-'))
test.after(() => rmSync(folder, { recursive: true, force: true }))

const SPEC: RunSpec = { model: 'demo', method: 'Clippy (0.1, 0.01)', learningRate: 1, seed: 1, epochs: 2, rows: 512 }
const data = loadData(SPEC.rows)

test('the whole sweep is 9 methods, 8 rates, 3 seeds and 2 models, each once', () => {
  const specs = specsOf(FULL_PLAN)
  assert.is(specs.length, 9 * 8 * 3 * 2)
  assert.is(new Set(specs.map((spec) => JSON.stringify(spec))).size, specs.length)
})

test("a run trains the demo's model as the demo does", () => {
  const { training, test, categoryCounts } = data
  const demo = runExperiment({ method: 'ClippyAdagrad', learningRate: 1, training, test, categoryCounts, epochs: 2 })
  assert.is(runOnce(SPEC, data).areaUnderCurve, demo.areaUnderCurve)
})

test('a run depends on its spec alone, not on the run before it', () => {
  const areas = [1, 2, 1].map((seed) => runOnce({ ...SPEC, seed }, data).areaUnderCurve)
  assert.is(areas[0], areas[2])
  assert.is.not(areas[0], areas[1])
})

test('a run that diverges stops early, says where, and counts as guessing', () => {
  const { areaUnderCurve, breakdown = '' } = runOnce({ ...SPEC, method: 'LAMB', learningRate: 1e6, epochs: 20 }, data)
  assert.is(areaUnderCurve, GUESSING)
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
  const before: Run = { ...specs[0], areaUnderCurve: 0.75, seconds: 1 }
  new RunLog(path, 'now').add(before)
  appendFileSync(path, '{"fingerprint":"now","run":{"mod') // As a kill leaves it.
  const done: number[] = []
  const sweep = () => runSweep(specs, { jobs: 2, log: new RunLog(path, 'now'), onRun: ({ seed }) => done.push(seed) })
  const runs = await sweep()
  assert.equal(runs[0], before)
  for (const run of runs.slice(1)) assert.is(run.areaUnderCurve, runOnce(run, data).areaUnderCurve)
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
  const run: Run = { ...SPEC, areaUnderCurve: 0.75, breakdown: 'loss not finite in batch 3', seconds: 1.5 }
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
  ]
  for (const other of others) assert.is(new RunLog(path, 'now').find(other), undefined)
})

test('the fingerprint covers what a run imports, directly or not, and nothing that only shows results', () => {
  const names = sourcesOf(pathToFileURL(join(REPOSITORY, 'bench/stability/training/run.ts'))).map(({ pathname }) =>
    pathname.slice(pathToFileURL(REPOSITORY).pathname.length),
  )
  for (const name of [
    'bench/stability/training/multiply.ts',
    'bench/stability/training/methods.ts',
    'examples/adult/model.ts',
    'src/step/float32-kernel.ts',
    'src/step/simd/kernel-bytes.ts',
  ]) {
    assert.ok(names.includes(name), name)
  }
  assert.not.ok(names.some((name) => /chart|report|svg/.test(name)))
  assert.match(fingerprint(), /^[0-9a-f]{16}$/)
})

test('sources are followed through imports of several lines, and each is taken once', () => {
  const file = (name: string) => pathToFileURL(join(folder, name))
  writeFileSync(file('a.ts'), "import {\n  b,\n} from './b.ts'\nimport vega from 'vega'\n")
  writeFileSync(file('b.ts'), "export { a } from './a.ts'\n")
  assert.equal(
    sourcesOf(file('a.ts')).map(({ pathname }) => basename(pathname)),
    ['a.ts', 'b.ts'],
  )
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
