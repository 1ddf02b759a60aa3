import { cpSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type LaunchOptions, launch } from '../launch.ts'
import { bytesOf } from './support/bytes.ts'
import { temporaryFolder } from './support/folder.ts'
import { FIRST, LAST, MOMENTS, SAVE_EVERY, SECOND } from './support/moments.ts'
import { once } from './support/once.ts'
import { fingerprints, lossOf, requireSuccess } from './support/output.ts'
import { testRanks } from './support/ranks.ts'
import { readWhole } from './support/saved.ts'
import { ROWS } from './support/small-model.ts'

/** Relative, of a loss after the number of ranks has changed. */
const TOLERANCE = 1e-6

const test = suite('checkpoint')
const folder = temporaryFolder()
const KILLER = new URL('support/kill-at.ts', import.meta.url).href

interface Training extends LaunchOptions {
  readonly steps?: number
  readonly rows?: number
  readonly savedIn?: string
}

function start(ranks: number, name: string, { steps = LAST, rows = ROWS, savedIn, ...options }: Training = {}) {
  const folders = savedIn === undefined ? [] : [join(folder, savedIn)]
  const args = [steps, join(folder, name), SAVE_EVERY, rows, ...folders]
  return launch(ranks, 'tests/ranks/small-training.ts', args, options)
}

async function train(ranks: number, name: string, training?: Training) {
  return requireSuccess(await start(ranks, name, training))
}

const uninterrupted = once(() => train(2, 'uninterrupted'))

for (const [k, { name, at, goesOnAfter }] of MOMENTS.entries()) {
  testRanks(test, `killed when ${name}, a run goes on from step ${goesOnAfter} to the same bits`, async () => {
    const saved = `killed-${k}`
    const env = { KILL_AT: JSON.stringify(at), NODE_OPTIONS: `--import tsx --import ${KILLER}` }
    const killed = await start(2, saved, { env })
    assert.is(killed.code, 137, killed.stderr)
    const resumed = await train(2, saved)
    assert.match(resumed.stdout, `going on after step ${goesOnAfter}\n`)
    assert.is(fingerprints(resumed).length, 2)
    assert.equal(fingerprints(resumed), fingerprints(await uninterrupted()))
    // Nothing that was left behind stays for ever.
    const files = readdirSync(join(folder, saved)).sort()
    assert.equal(files, ['checkpoint.json', `step-${LAST}.rank-0-of-2`, `step-${LAST}.rank-1-of-2`])
  })
}

for (const [from, to] of [
  [2, 3],
  [4, 1],
  [4, 2],
]) {
  const saved = `of-${from}-for-${to}`
  const trained = once(() => train(from, saved, { steps: SECOND }))

  testRanks(test, `${from} ranks' checkpoint, saved again by ${to}, has the bits of every row and number`, async () => {
    await trained()
    await train(to, saved, { steps: SECOND, savedIn: `${saved}-again` })
    const [before, after] = [readWhole(join(folder, saved)), readWhole(join(folder, `${saved}-again`))]
    assert.is(before.size, 2 + 1 + 2 * 3)
    assert.equal([...after.keys()].sort(), [...before.keys()].sort())
    for (const [name, values] of before)
      assert.is(bytesOf(after.get(name) ?? values.slice(0, 0)), bytesOf(values), name)
  })

  testRanks(
    test,
    `${to} ranks go on with the training of ${from}, to the losses of a run never interrupted`,
    async () => {
      await trained()
      cpSync(join(folder, saved), join(folder, `${saved}-on`), { recursive: true })
      const run = await train(to, `${saved}-on`)
      assert.match(run.stdout, `going on after step ${SECOND}\n`)
      for (let step = SECOND + 1; step <= LAST; step++) {
        const expected = lossOf(await uninterrupted(), step)
        assert.ok(Math.abs(lossOf(run, step) - expected) <= TOLERANCE * expected, `step ${step}`)
      }
    },
  )
}

testRanks(test, 'a checkpoint of another model is refused, with what differs', async () => {
  await uninterrupted()
  for (const rows of [ROWS - 7, ROWS + 7]) {
    const { code, stderr } = await start(2, 'uninterrupted', { rows })
    assert.is(code, 1)
    assert.match(stderr, /uninterrupted, step 6, is of another model: 'table' differs/)
  }
})

testRanks(test, 'a file that the manifest names and that is missing ends the run, with its name', async () => {
  await train(2, 'incomplete', { steps: FIRST })
  rmSync(join(folder, 'incomplete', `step-${FIRST}.rank-1-of-2`))
  const { code, stderr } = await start(2, 'incomplete')
  assert.is(code, 1)
  assert.match(stderr, `rank 1 of 2 stops: ENOENT: no such file or directory, open '${join(folder, 'incomplete')}`)
})

test.run()
