import type { Worker } from 'node:worker_threads'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ShardTeam } from '../team/shard-team.ts'
import { MODES, OPTIONS, PRECISIONS, refusalOf, sameBits, values, Whole } from './support.ts'

const test = suite('workers: a team')

/** Long enough for shards that lie in memory of their own, short enough for some that do not. */
const LENGTH = 70_007
const STEPS = 3

/** A thread takes a while to start, so not every number of shards is tried with every mode, as it is with the pool. */
const CASES = [
  ...[1, 2, 3, 5].map((shards) => ({ shards, precision: 'float32', mode: 'delayed' }) as const),
  ...PRECISIONS.flatMap((precision) => Object.keys(MODES).map((mode) => ({ shards: 3, precision, mode }))).slice(1),
]

for (const { shards, precision, mode } of CASES) {
  test(`${shards} shards give the bits of one step on the whole: ${precision}, ${mode}`, async () => {
    const start = values(LENGTH, precision, 1)
    const whole = new Whole(start)
    const options = { ...OPTIONS, ...MODES[mode] }
    const team = await ShardTeam.start(start, shards, options)
    try {
      for (let n = 0; n < STEPS; n++) {
        const gradient = values(LENGTH, precision, 2 + n)
        team.gradient.set(gradient)
        assert.is(await team.step(), whole.step(gradient, options))
        sameBits(team.variable, whole.variable, 'variable')
      }
    } finally {
      await team.end()
    }
  })
}

test('a NaN in one shard moves no shard, and the error names its index in the whole', async () => {
  const start = values(LENGTH, 'float32', 1)
  const whole = new Whole(start)
  const team = await ShardTeam.start(start, 3, OPTIONS)
  try {
    team.gradient.set(start)
    team.gradient[50_000] = Number.NaN
    const error = await refusalOf(team.step())
    assert.instance(error, RangeError)
    assert.is(error.message, 'gradient[50000] is NaN; expected a finite number')
    sameBits(team.variable, start, 'variable')
    // The threads' own values and accumulators have not changed either: the next step is the first one.
    team.gradient[50_000] = start[50_000]
    assert.is(await team.step(), whole.step(start, OPTIONS))
    sameBits(team.variable, whole.variable, 'variable')
  } finally {
    await team.end()
  }
})

test('a step takes the learning rate that it is given', async () => {
  const start = values(LENGTH, 'float32', 1)
  const whole = new Whole(start)
  const team = await ShardTeam.start(start, 2, OPTIONS)
  try {
    team.gradient.set(start)
    await team.step(0.01)
    whole.step(start, { ...OPTIONS, learningRate: 0.01 })
    sameBits(team.variable, whole.variable, 'variable')
  } finally {
    await team.end()
  }
})

test('an option that the optimizer refuses is refused at the start', async () => {
  const error = await refusalOf(ShardTeam.start(new Float32Array(100), 2, { epsilon: -1 }))
  assert.match(error.message, /epsilon/)
})

test('a thread that ends takes the team with it, and no step waits for it', async () => {
  const threads: Worker[] = []
  const remember = (thread: Worker) => threads.push(thread)
  process.on('worker', remember)
  const team = await ShardTeam.start(new Float32Array(100), 3, OPTIONS)
  process.off('worker', remember)
  const dying = threads[1].terminate()
  const error = await refusalOf(team.step())
  assert.is(error.message, 'a thread ended with code 1; its shard is lost')
  assert.is((await refusalOf(team.step())).message, error.message)
  await dying
})

test('after its end a team says so', async () => {
  const team = await ShardTeam.start(new Float32Array(100), 2, OPTIONS)
  await team.end()
  assert.match((await refusalOf(team.step())).message, /ended/)
})

test.run()
