import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { launch } from '../launch.ts'
import { readCheckpoint } from './support/checkpoint.ts'
import { temporaryFolder } from './support/folder.ts'
import { fingerprints, requireSuccess } from './support/output.ts'
import { testRanks } from './support/ranks.ts'

const test = suite('ends')

/** Training is without an end unless something ends it. */
const FOREVER = 1e9
const SAVE_EVERY = 5

testRanks(test, 'an error of one rank ends the ranks that wait for it, and says whose it is', async () => {
  const started = performance.now()
  const { code, stderr } = await launch(3, 'tests/ranks/stops.ts', ['one'])
  assert.is(code, 1)
  assert.match(stderr, 'rank 1 of 3 stops: the disk is full')
  assert.ok(performance.now() - started < 10_000)
})

testRanks(test, 'an error that all ranks agree on ends each of them in order', async () => {
  const { code, stderr } = await launch(2, 'tests/ranks/stops.ts', ['all'])
  assert.is(code, 1)
  for (const rank of [0, 1]) assert.match(stderr, `rank ${rank} of 2 stops: no further`)
  // What mpirun says of processes that end by themselves, and not of those that are ended.
  assert.match(stderr, 'processes exited with non-zero status')
})

const folder = temporaryFolder()
const file = join(folder, 'killed.bin')

/** Trains until rank 1 is killed, some steps after the fourth time that rank 0 has saved. */
async function trainUntilKilled() {
  let victim = 0
  let killed = 0
  const run = await launch(2, 'train-replicas.ts', [FOREVER, file, SAVE_EVERY], {
    onLine: (line) => {
      victim = Number(line.match(/^rank 1 of 2 is process (\d+)/)?.[1] ?? victim)
      if (!line.startsWith(`step ${4 * SAVE_EVERY}:`) || killed > 0) return
      process.kill(victim, 'SIGKILL')
      killed = performance.now()
    },
  })
  return { run, seconds: (performance.now() - killed) / 1000 }
}

let started: ReturnType<typeof trainUntilKilled> | undefined
const killed = () => {
  started ??= trainUntilKilled()
  return started
}

testRanks(test, 'a rank that is killed ends the run within seconds, with an error that names it', async () => {
  const { run, seconds } = await killed()
  assert.is(run.code, 137)
  assert.match(run.stderr, /process rank 1 .* exited on signal 9 \(Killed\)/)
  assert.ok(seconds < 10, `it took ${seconds} s`)
})

testRanks(test, 'the last checkpoint of a killed run goes on to the bits of a run never interrupted', async () => {
  await killed()
  const saved = readCheckpoint(file).epoch
  const steps = saved + SAVE_EVERY + 2
  const resumed = requireSuccess(await launch(2, 'train-replicas.ts', [steps, file, SAVE_EVERY]))
  assert.match(resumed.stdout, `going on after step ${saved}`)
  const other = join(folder, 'uninterrupted.bin')
  const uninterrupted = requireSuccess(await launch(2, 'train-replicas.ts', [steps, other, SAVE_EVERY]))
  assert.is(fingerprints(resumed).length, 2)
  assert.equal(fingerprints(resumed), fingerprints(uninterrupted))
})

test.run()
