import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { loadCheckpoint, saveCheckpoint } from '../../examples/checkpoint/checkpoint.ts'
import { batches, LinearModel, makeData } from '../../examples/checkpoint/model.ts'
import { ClippyAdagrad } from '../../src/index.ts'
import { refuses, sameBits } from '../support/assertions.ts'
import type { FloatArray } from '../support/precision.ts'
import { REPOSITORY } from '../support/repository.ts'
import { fails } from '../support/untouched.ts'

const test = suite('examples: checkpoint')

const parent = join(REPOSITORY, 'tests/.tmp')
mkdirSync(parent, { recursive: true })
const folder = mkdtempSync(join(parent, 'checkpoint-'))

test.after(() => rmSync(folder, { recursive: true, force: true }))

interface Run {
  /** A module for the process to load first. */
  readonly preload?: string
  /** Called with each line that the program prints; true kills the process. */
  readonly onLine?: (line: string) => boolean
}

interface Ended {
  readonly code: number | null
  readonly signal: string | null
  readonly lines: readonly string[]
  readonly errors: string
}

const EPOCHS = 40

/** Starts the example as a user would. */
function run(file: string, { preload, onLine }: Run = {}): Promise<Ended> {
  const imports = ['tsx', ...(preload === undefined ? [] : [preload])].flatMap((name) => ['--import', name])
  const args = [...imports, 'examples/checkpoint/main.ts', String(EPOCHS), file]
  const child = spawn(process.execPath, args, { cwd: REPOSITORY, stdio: ['ignore', 'pipe', 'pipe'] })
  const lines: string[] = []
  let rest = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const complete = (rest + text).split('\n')
    rest = complete.pop() ?? ''
    lines.push(...complete)
    if (onLine !== undefined && complete.some(onLine)) child.kill('SIGKILL')
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal, lines, errors }))
  })
}

interface Kill {
  /** A function of node:fs; the process dies before or after this call of it, or when half of a file is written. */
  readonly call: 'writeFileSync' | 'renameSync'
  readonly count: number
  readonly when: 'before' | 'half-way through' | 'after'
}

function killer({ call, count, when }: Kill): string {
  const code = `
    import fs from 'node:fs'
    import { syncBuiltinESMExports } from 'node:module'
    const original = fs.${call}
    let calls = 0
    fs.${call} = (to, from) => {
      if (++calls < ${count}) return original(to, from)
      const when = '${when}'
      if (when !== 'before') original(to, when === 'after' ? from : from.subarray(0, from.length / 2))
      process.kill(process.pid, 'SIGKILL')
    }
    syncBuiltinESMExports()`
  return `data:text/javascript,${encodeURIComponent(code)}`
}

interface Saved {
  readonly epoch: number
  readonly weights: readonly FloatArray[]
  readonly optimizer: Readonly<Record<string, FloatArray>>
}

function read(file: string): Saved {
  return deserialize(readFileSync(file))
}

function sameState(file: string, expected: string): void {
  const [ours, theirs] = [read(file), read(expected)]
  assert.is(ours.epoch, theirs.epoch)
  for (const [k, array] of theirs.weights.entries()) sameBits(ours.weights[k], array, `weights ${k}`)
  for (const [k, array] of Object.entries(theirs.optimizer)) sameBits(ours.optimizer[k], array, `state ${k}`)
  assert.is(readFileSync(file).compare(readFileSync(expected)), 0)
}

const reference = join(folder, 'unbroken.bin')
const unbroken = run(reference)

test('a run that is never stopped saves every epoch and learns', async () => {
  const { code, lines, errors } = await unbroken
  assert.is(code, 0, errors)
  assert.is(lines.length, EPOCHS)
  const losses = lines.map((line) => Number(/^epoch \d+: loss (.*)$/.exec(line)?.[1]))
  assert.ok(losses[EPOCHS - 1] < losses[1] && losses[1] < losses[0], lines.join('\n'))
  assert.is(read(reference).epoch, EPOCHS)
  assert.is(read(reference).optimizer[0][0], EPOCHS * 128)
  assert.not(existsSync(`${reference}.tmp`))
})

// The file is that of the epoch before until the rename, and the new one after it.
const kills = [
  { call: 'writeFileSync', count: 3, when: 'half-way through', kept: 2, leaves: true },
  { call: 'renameSync', count: 3, when: 'before', kept: 2, leaves: true },
  { call: 'renameSync', count: EPOCHS, when: 'after', kept: EPOCHS, leaves: false },
] as const

const killed = kills.map(async (kill, k) => {
  const file = join(folder, `killed-${k}.bin`)
  const first = await run(file, { preload: killer(kill) })
  const leaves = existsSync(`${file}.tmp`)
  const kept = read(file).epoch
  return { file, first, leaves, kept, second: await run(file) }
})

// A failure is reported by the test that waits for it, not as a rejection that nobody handles.
for (const run of killed) run.catch(() => {})

kills.forEach(({ call, when, count, kept, leaves }, k) => {
  test(`killed ${when} ${call} of epoch ${count} and started again, it ends with the bits of an unbroken run`, async () => {
    await unbroken
    const { file, first, second, ...after } = await killed[k]
    assert.is(first.signal, 'SIGKILL', first.errors)
    assert.is(after.kept, kept)
    assert.is(after.leaves, leaves, 'a temporary file')
    assert.is(second.code, 0, second.errors)
    if (kept < EPOCHS) assert.is(second.lines[0], `going on after epoch ${kept}`)
    assert.is(second.lines.length, 1 + EPOCHS - kept)
    sameState(file, reference)
    assert.not(existsSync(`${file}.tmp`))
  })
})

test('a run that is finished says how to go on and how to begin anew', async () => {
  await unbroken
  const { code, lines } = await run(reference)
  assert.is(code, 0)
  assert.equal(lines, [`all 40 epochs are done; ask for more, such as 60, or delete ${reference} to begin anew`])
})

test('killed from outside, again and again, wherever it is, it ends with the bits of an unbroken run', async () => {
  await unbroken
  const file = join(folder, 'interrupted.bin')
  let deaths = 0
  let last: Ended
  do {
    // After a few lines of the first and the second start, at whatever the process is doing then.
    let seen = 0
    last = await run(file, { onLine: () => deaths < 2 && ++seen === 4 })
    if (last.signal === 'SIGKILL') deaths++
    else assert.is(last.code, 0, last.errors)
  } while (last.signal === 'SIGKILL')
  // A machine may be so busy that a start ends before the kill arrives.
  assert.ok(deaths > 0, 'it was never killed')
  sameState(file, reference)
})

test('without a file nothing is loaded and nothing is built', () => {
  const optimizer = new ClippyAdagrad()
  const weights = [Float32Array.of(1, 2)]
  assert.is(loadCheckpoint(join(folder, 'none.bin'), weights, optimizer), 0)
  assert.not(optimizer.built)
  assert.equal([...weights[0]], [1, 2])
})

test('a file keeps the bits of every weight, −0 too', () => {
  const file = join(folder, 'zero.bin')
  const weights = [Float64Array.of(-0, 5e-324, 0.1), Float32Array.of(-0, 3e38)]
  const optimizer = new ClippyAdagrad()
  optimizer.build(weights)
  saveCheckpoint(file, 7, weights, optimizer)
  const fresh = [new Float64Array(3), new Float32Array(2)]
  assert.is(loadCheckpoint(file, fresh, new ClippyAdagrad()), 7)
  for (const [k, array] of fresh.entries()) sameBits(array, weights[k], String(k))
})

test('the file of another model or a damaged one is refused, and no weight has changed', () => {
  const file = join(folder, 'other.bin')
  const other = [new Float32Array(3), new Float32Array(1)]
  const optimizer = new ClippyAdagrad()
  optimizer.build(other)
  saveCheckpoint(file, 1, other, optimizer)
  const weights = [Float32Array.of(1, 2), Float32Array.of(3)]
  refuses(() => loadCheckpoint(file, weights, new ClippyAdagrad()), RangeError, 'length 3')
  refuses(() => loadCheckpoint(file, weights.slice(0, 1), new ClippyAdagrad()), RangeError, 'entries')
  writeFileSync(file, readFileSync(file).subarray(0, 40))
  fails(() => loadCheckpoint(file, weights, new ClippyAdagrad()))
  writeFileSync(file, serialize({ epoch: 1, weights: [], optimizer: null }))
  refuses(() => loadCheckpoint(file, weights, new ClippyAdagrad()), TypeError, 'store')
  assert.equal(
    weights.map((array) => [...array]),
    [[1, 2], [3]],
  )
})

test('the gradients of the model are right, and the order of an epoch depends on its number alone', () => {
  const data = makeData()
  const model = new LinearModel()
  model.kernel.set([0.5, -0.25, 1, 0, 2, -1, 0.125, 3])
  const [rows] = batches(1, 32)
  const loss = () => model.lossAndGradients(data, rows)
  const numeric = new ClippyAdagrad().computeGradients(loss, model.weights)
  loss()
  numeric.forEach(([gradient], k) => {
    assert.instance(gradient, Float32Array)
    const expected = gradient as Float32Array
    for (const [i, g] of model.gradients[k].entries()) {
      assert.ok(Math.abs(g - expected[i]) <= 1e-3 * Math.max(1, Math.abs(g)), `${g} should be about ${expected[i]}`)
    }
  })
  assert.equal(batches(3, 1024), batches(3, 1024))
  assert.not.equal(batches(3, 1024), batches(4, 1024))
  const rowsOfEpoch = batches(3, 1024).flatMap((part) => [...part])
  assert.is(new Set(rowsOfEpoch).size, 4096)
})

test.run()
