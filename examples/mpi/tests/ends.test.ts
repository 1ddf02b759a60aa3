import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { launch } from '../launch.ts'
import { temporaryFolder } from './support/folder.ts'
import { once } from './support/once.ts'
import { fingerprints, requireSuccess } from './support/output.ts'
import { INSTALLATIONS, testRanks } from './support/ranks.ts'

/** Training is without an end unless something ends it. */
const FOREVER = 1e9
const SAVE_EVERY = 5

const test = suite('ends')

for (const { name, mpirun, whyNot } of INSTALLATIONS) {
  const folder = temporaryFolder()
  const testHere = (promise: string, prove: () => Promise<void>) =>
    testRanks(test, `${name}: ${promise}`, prove, whyNot)

  testHere('an error of one rank ends the ranks that wait for it, and says whose it is', async () => {
    const { code, stderr } = await launch(3, 'tests/ranks/stops.ts', ['one'], { mpirun })
    // 1, or what another rank ended with that was told to end in the middle of a call: 139 was seen with Open MPI 5.
    assert.is.not(code, 0)
    assert.match(stderr, 'rank 1 of 3 stops: the disk is full')
  })

  testHere('an error that all ranks agree on ends each of them in order', async () => {
    const { code, stderr } = await launch(2, 'tests/ranks/stops.ts', ['all'], { mpirun })
    assert.is(code, 1)
    for (const rank of [0, 1]) assert.match(stderr, `rank ${rank} of 2 stops: no further`)
    assert.not.match(stderr, 'MPI_ABORT was invoked')
  })

  testHere('a NaN that one rank sees ends all of them, each with its place', async () => {
    const { code, stderr } = await launch(3, 'tests/ranks/stops.ts', ['nan'], { mpirun })
    assert.is(code, 1)
    for (const rank of [0, 1, 2]) {
      assert.match(stderr, `rank ${rank} of 3 stops: rank 1: variable 'part': gradient[0] is NaN`)
    }
    assert.not.match(stderr, 'MPI_ABORT was invoked')
  })

  const saved = join(folder, 'killed')
  /** Trains until rank 1 is killed, some steps after the second checkpoint. */
  const killed = once(() => {
    let victim = 0
    return launch(2, 'train.ts', [FOREVER, saved, SAVE_EVERY], {
      mpirun,
      onLine: (line) => {
        victim = Number(line.match(/^rank 1 of 2 is process (\d+)/)?.[1] ?? victim)
        if (!line.startsWith(`step ${2 * SAVE_EVERY}:`)) return
        process.kill(victim, 'SIGKILL')
      },
    })
  })

  testHere('a rank that is killed ends the run, with an error that names it', async () => {
    const { code, stderr } = await killed()
    assert.is(code, 137)
    assert.match(stderr, /process rank 1 .*exited on\s+signal 9 \(Killed\)/)
  })

  testHere(
    'a killed run goes on from its last checkpoint to the bits of a run with a rank that stood still',
    async () => {
      await killed()
      const { step } = JSON.parse(readFileSync(join(saved, 'checkpoint.json'), 'utf8'))
      const steps = step + SAVE_EVERY + 2
      const resumed = requireSuccess(await launch(2, 'train.ts', [steps, saved, SAVE_EVERY], { mpirun }))
      assert.match(resumed.stdout, `going on after step ${step}\n`)
      const { run, linesWhileStopped } = await withStoppedRank(join(folder, 'slow'), steps)
      assert.is(linesWhileStopped, 0, 'no rank goes on without the one that is stopped')
      assert.is(fingerprints(resumed).length, 2)
      assert.equal(fingerprints(resumed), fingerprints(run))
    },
  )

  /** Stops rank 1 for a while after the first checkpoint, as a machine does that is busy with something else. */
  async function withStoppedRank(slow: string, steps: number) {
    let victim = 0
    let lines = 0
    let linesWhileStopped = Number.NaN
    const run = await launch(2, 'train.ts', [steps, slow, SAVE_EVERY], {
      mpirun,
      onLine: async (line) => {
        lines++
        victim = Number(line.match(/^rank 1 of 2 is process (\d+)/)?.[1] ?? victim)
        if (!line.startsWith(`step ${SAVE_EVERY}:`)) return
        process.kill(victim, 'SIGSTOP')
        const before = lines
        await pause(3000)
        linesWhileStopped = lines - before
        process.kill(victim, 'SIGCONT')
      },
    })
    return { run: requireSuccess(run), linesWhileStopped }
  }
}

test.run()
