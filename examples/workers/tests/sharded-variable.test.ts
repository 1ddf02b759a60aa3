import { once } from 'node:events'
import type { Worker } from 'node:worker_threads'
import type { FloatArray } from 'clippy-adagrad'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ShardedVariable } from '../sharded/sharded-variable.ts'
import { MODES, OPTIONS, PRECISIONS, refusalOf, sameBits, values, Whole } from './support.ts'

const test = suite('workers: a variable in shards')

/** Not a multiple of anything that shards are cut by, and long enough for them to be stepped in place. */
const LENGTH = 10_007
const STEPS = 3

/** A thread takes a while to start, so not every number of shards is tried with every mode. */
const CASES = [
  ...[1, 2, 3, 5].map((shards) => ({ shards, precision: 'float32', mode: 'delayed' }) as const),
  ...PRECISIONS.flatMap((precision) => Object.keys(MODES).map((mode) => ({ shards: 3, precision, mode }))).slice(1),
]

/** Ends the threads whatever happens. */
async function withShards(
  start: FloatArray,
  shards: number,
  use: (sharded: ShardedVariable) => Promise<void>,
  options = OPTIONS,
): Promise<void> {
  const sharded = await ShardedVariable.start(start, shards, options)
  try {
    await use(sharded)
  } finally {
    await sharded.end()
  }
}

function sameState(sharded: ShardedVariable, whole: Pick<Whole, 'variable' | 'accumulator'>): void {
  sameBits(sharded.variable, whole.variable, 'variable')
  sameBits(sharded.accumulator, whole.accumulator, 'accumulator')
}

for (const { shards, precision, mode } of CASES) {
  test(`${shards} shards give the bits of one step on the whole: ${precision}, ${mode}`, async () => {
    const start = values(LENGTH, precision, 1)
    const whole = new Whole(start)
    const options = { ...OPTIONS, ...MODES[mode] }
    await withShards(
      start,
      shards,
      async (sharded) => {
        const factors: number[] = []
        for (let n = 0; n < STEPS; n++) {
          const gradient = values(LENGTH, precision, 2 + n)
          sharded.gradient.set(gradient)
          factors.push(whole.step(gradient, options))
          assert.is(await sharded.step(), factors[n])
          sameState(sharded, whole)
        }
        assert.ok(
          factors.some((factor) => factor < 1),
          'a step that clips',
        )
      },
      options,
    )
  })
}

test('a variable shorter than its number of shards is stepped too', async () => {
  const whole = new Whole(Float32Array.of(1, -2, 3))
  await withShards(whole.variable, 5, async (sharded) => {
    sharded.gradient.fill(0.5)
    await sharded.step()
    whole.step(sharded.gradient.slice(), OPTIONS)
    sameState(sharded, whole)
  })
})

for (const mode of Object.keys(MODES)) {
  test(`a number that is not finite in any shard moves no shard, and the error names its index in the whole: ${mode}`, async () => {
    const start = values(LENGTH, 'float32', 1)
    const options = { ...OPTIONS, ...MODES[mode] }
    await withShards(
      start,
      3,
      async (sharded) => {
        sharded.gradient.set(start)
        for (const role of ['gradient', 'variable', 'accumulator'] as const) {
          for (const index of [5, 5003, LENGTH - 1]) {
            const good = sharded[role][index]
            sharded[role][index] = Number.NaN
            const before = { variable: sharded.variable.slice(), accumulator: sharded.accumulator.slice() }
            const error = await refusalOf(sharded.step())
            assert.instance(error, RangeError)
            assert.is(error.message, `${role}[${index}] is NaN; expected a finite number`)
            sameState(sharded, before)
            sharded[role][index] = good
          }
        }
        // The next step is as if none had been asked for.
        const whole = new Whole(start)
        assert.is(await sharded.step(), whole.step(start, options))
        sameState(sharded, whole)
      },
      options,
    )
  })
}

test('what the main thread saves goes on to the same bits on another number of threads', async () => {
  const start = values(LENGTH, 'float32', 1)
  const whole = new Whole(start)
  const gradients = [2, 3].map((seed) => values(LENGTH, 'float32', seed))
  for (const gradient of gradients) whole.step(gradient, OPTIONS)
  const saved = new Whole(start)
  await withShards(start, 3, async (sharded) => {
    sharded.gradient.set(gradients[0])
    await sharded.step()
    saved.variable.set(sharded.variable)
    saved.accumulator.set(sharded.accumulator)
  })
  await withShards(saved.variable, 2, async (sharded) => {
    sharded.accumulator.set(saved.accumulator)
    sharded.gradient.set(gradients[1])
    await sharded.step()
    sameState(sharded, whole)
  })
})

test('a step takes the learning rate that it is given', async () => {
  const start = values(LENGTH, 'float32', 1)
  const whole = new Whole(start)
  await withShards(start, 2, async (sharded) => {
    sharded.gradient.set(start)
    await sharded.step(0.01)
    whole.step(start, { ...OPTIONS, learningRate: 0.01 })
    sameState(sharded, whole)
  })
})

test('an option that the optimizer refuses is refused at the start', async () => {
  const error = await refusalOf(ShardedVariable.start(new Float32Array(100), 2, { epsilon: -1 }))
  assert.match(error.message, /epsilon/)
})

test('a step is refused while the last one is under way', async () => {
  await withShards(values(LENGTH, 'float32', 1), 2, async (sharded) => {
    const first = sharded.step()
    assert.match((await refusalOf(sharded.step())).message, /still under way/)
    await first
  })
})

test('a thread that ends takes the others with it, and no step waits for it', async () => {
  const threads: Worker[] = []
  const remember = (thread: Worker) => threads.push(thread)
  process.on('worker', remember)
  const sharded = await ShardedVariable.start(new Float32Array(100), 3, OPTIONS)
  process.off('worker', remember)
  const exits = Promise.all(threads.map((thread) => once(thread, 'exit')))
  threads[1].terminate()
  const error = await refusalOf(sharded.step())
  assert.is(error.message, 'a thread ended with code 1, so the team has ended')
  assert.is((await refusalOf(sharded.step())).message, error.message)
  await exits
})

test('after its end a variable in shards says so', async () => {
  const sharded = await ShardedVariable.start(new Float32Array(100), 2, OPTIONS)
  await sharded.end()
  assert.match((await refusalOf(sharded.step())).message, /ended/)
})

test.run()
