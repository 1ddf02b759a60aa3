import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Worker } from 'node:worker_threads'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  type Allocation,
  type AllocationHandle,
  allocate,
  attach,
  type FloatArray,
  type StepOptions,
  step,
} from '../../src/step/index.ts'
import { refuses, sameBits, sameNumber } from '../support/assertions.ts'
import { isInPlace } from './threads/in-place.ts'
import type { Done, Task } from './threads/shard.ts'

const test = suite('shared allocations')

const PRECISIONS = ['float32', 'float64'] as const
const MODES: readonly StepOptions[] = [{}, { clipAccumulatorUpdate: true }, { useStandardAccumulatorUpdate: true }]
/** Odd, and long enough for shards that are stepped in place. */
const LENGTH = 10_007
const OPTIONS = { learningRate: 0.5, absoluteThreshold: 0.01 }

/** Fills the arrays with something that clips, and gives ordinary copies of them. */
function fill({ variable, accumulator, gradient }: Allocation): Allocation {
  for (let i = 0; i < variable.length; i++) {
    variable[i] = Math.sin(i)
    accumulator[i] = 0.1 + Math.abs(Math.sin(3 * i))
    gradient[i] = Math.sin(2 * i) / 10
  }
  return { variable: variable.slice(), accumulator: accumulator.slice(), gradient: gradient.slice() }
}

function shardOf({ variable, accumulator, gradient }: Allocation, from: number, to: number) {
  return [variable, accumulator, gradient].map((array: FloatArray) => array.subarray(from, to))
}

function sameArrays(actual: Allocation, expected: Allocation): void {
  sameBits(actual.variable, expected.variable, 'the variable')
  sameBits(actual.accumulator, expected.accumulator, 'the accumulator')
  sameBits(actual.gradient, expected.gradient, 'the gradient')
}

/** The handle as another thread gets it. */
function posted<Values extends FloatArray>(handle: AllocationHandle<Values>): AllocationHandle<Values> {
  return structuredClone(handle)
}

/** Engines do not count shared memory as a reason to. */
async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  await setTimeout(100)
}

async function memoryInUse(): Promise<number> {
  await collectGarbage()
  return process.memoryUsage().rss
}

// Other tests of the same run may have left so many allocations behind that no more may live in place.
test.before(collectGarbage)

for (const precision of PRECISIONS) {
  for (const shared of [false, true]) {
    const kind = `${precision}, ${shared ? 'shared' : 'not shared'}`

    test(`arrays are zeros of the length and precision asked for: ${kind}`, () => {
      for (const length of [0, 1, 1000]) {
        const { variable, accumulator, gradient } = allocate(length, { precision, shared })
        for (const array of [variable, accumulator, gradient]) {
          assert.is(array.constructor, precision === 'float32' ? Float32Array : Float64Array)
          assert.equal(
            Array.from(array),
            Array.from({ length }, () => 0),
          )
        }
      }
    })

    test(`the accumulator, and nothing else, starts at initialAccumulatorValue: ${kind}`, () => {
      const arrays = allocate(100, { precision, shared, initialAccumulatorValue: 0.1 })
      const start = precision === 'float32' ? Math.fround(0.1) : 0.1
      assert.ok(arrays.accumulator.every((a: number) => a === start))
      assert.ok([...arrays.variable, ...arrays.gradient].every((x) => x === 0))
    })
  }
}

test('an initialAccumulatorValue that is no sum of squares, or too large, is refused', () => {
  refuses(() => allocate(1, { initialAccumulatorValue: -1 }), RangeError, 'initialAccumulatorValue is -1')
  refuses(() => allocate(1, { initialAccumulatorValue: Number.NaN }), RangeError, 'initialAccumulatorValue is NaN')
  refuses(() => allocate(1, { initialAccumulatorValue: 1e39 }), RangeError, 'too large for float32')
  assert.is(allocate(1, { precision: 'float64', initialAccumulatorValue: 1e39 }).accumulator[0], 1e39)
})

test('shared is true or false, and nothing else', () => {
  refuses(() => allocate(1, { shared: 1 as unknown as boolean }), TypeError, 'shared is 1')
})

test('arrays lie on memory of their own unless they are to be shared', () => {
  assert.not.instance(allocate(LENGTH).variable.buffer, SharedArrayBuffer)
  const { variable, accumulator, gradient } = allocate(LENGTH, { shared: true })
  for (const array of [variable, accumulator, gradient]) {
    assert.instance(array.buffer, SharedArrayBuffer)
    assert.is(array.buffer, variable.buffer)
  }
})

for (const precision of PRECISIONS) {
  test(`what attach gives is the same memory with what is in it: ${precision}`, () => {
    const arrays = allocate(LENGTH, { precision, shared: true })
    const before = fill(arrays)
    const attached = attach(posted(arrays.handle))
    sameArrays(attached, before)
    attached.variable[0] = 5
    attached.accumulator[1] = 6
    attached.gradient[LENGTH - 1] = 7
    assert.equal([arrays.variable[0], arrays.accumulator[1], arrays.gradient[LENGTH - 1]], [5, 6, 7])
  })

  test(`steps on shared arrays and on shards of them are taken in place: ${precision}`, () => {
    const arrays = allocate(LENGTH, { precision, shared: true })
    for (const { variable, accumulator, gradient } of [arrays, attach(arrays.handle), attach(posted(arrays.handle))]) {
      assert.ok(isInPlace(variable, accumulator, gradient))
      const [w, a, g] = shardOf({ variable, accumulator, gradient }, 1234, 7777)
      assert.ok(isInPlace(w, a, g))
    }
  })

  for (const mode of MODES) {
    test(`a shard is stepped to the bits of ordinary arrays, and nothing beside it moves: ${precision}, ${JSON.stringify(mode)}`, () => {
      const arrays = attach(posted(allocate(LENGTH, { precision, shared: true }).handle))
      const expected = fill(arrays)
      const options = { ...OPTIONS, ...mode }
      for (const [from, to] of [
        [0, 4999],
        [4999, 9998],
        [1, LENGTH],
      ]) {
        const [w, a, g] = shardOf(expected, from, to)
        const [ordinaryW, ordinaryA] = [w.slice(), a.slice()]
        const factor = step(ordinaryW, ordinaryA, g.slice(), options)
        assert.ok(factor < 1)
        w.set(ordinaryW)
        a.set(ordinaryA)
        const [variable, accumulator, gradient] = shardOf(arrays, from, to)
        sameNumber(step(variable, accumulator, gradient, options), factor, 'the factor')
        sameArrays(arrays, expected)
      }
    })
  }

  test(`a gradient that lies elsewhere gives the same bits, and nothing else of the shared memory changes: ${precision}`, () => {
    const arrays = allocate(40_000, { precision, shared: true })
    const expected = fill(arrays)
    const [w, a, g] = shardOf(expected, 10_000, 40_000)
    const [variable, accumulator] = shardOf(arrays, 10_000, 40_000)
    sameNumber(step(variable, accumulator, g.slice(), OPTIONS), step(w, a, g.slice(), OPTIONS), 'the factor')
    sameArrays(arrays, expected)
  })
}

/** What a thread answers to a task. */
async function doneBy(task: Task, withoutWebAssembly: boolean): Promise<Done> {
  // What the main thread was started with does not serve: the loader of TypeScript is not handed on.
  const options = { execArgv: [], workerData: { withoutWebAssembly } }
  const thread = new Worker(new URL('threads/start.mjs', import.meta.url), options)
  thread.postMessage(task)
  const [done]: Done[] = await once(thread, 'message')
  await thread.terminate()
  return done
}

for (const isMixed of [false, true]) {
  const who = isMixed ? 'two threads, one of them without WebAssembly,' : 'two threads'
  test(`${who} step a shard each, in place, of what the main thread sees`, async () => {
    const arrays = allocate(LENGTH, { shared: true })
    const expected = fill(arrays)
    const middle = 5008
    const shards = [
      { from: 0, to: middle },
      { from: middle, to: LENGTH },
    ]
    const tasks = shards.map((shard): Task => ({ handle: arrays.handle, learningRate: 0.5, ...shard }))
    const isScalar = typeof WebAssembly === 'undefined'
    const answers = await Promise.all(tasks.map((task, k) => doneBy(task, isScalar || (isMixed && k === 1))))
    shards.forEach(({ from, to }, k) => {
      const [w, a, g] = shardOf(expected, from, to)
      sameNumber(answers[k].factor, step(w, a, g, { learningRate: 0.5 }), 'the factor')
      assert.ok(answers[k].isInPlace)
    })
    sameArrays(arrays, expected)
  })
}

test('what is no handle of a shared allocation is refused, with what to pass', () => {
  const shared = allocate(1000, { shared: true })
  const { handle } = shared
  const others: readonly unknown[] = [
    undefined,
    null,
    5,
    'handle',
    {},
    shared,
    allocate(1000),
    shared.variable,
    { ...handle, memory: null },
    { ...handle, memory: { buffer: new ArrayBuffer(12_000) } },
    { ...handle, precision: 'float16' },
    { ...handle, length: -1 },
    { ...handle, length: 0.5 },
    { ...handle, length: '1000' },
    { ...handle, memory: { buffer: new SharedArrayBuffer(11_999) } },
  ]
  for (const given of others) {
    const attaching = () => attach(given as AllocationHandle)
    refuses(attaching, TypeError, 'expected the handle of what allocate(length, { shared: true }) gave')
  }
})

test('where there is no SharedArrayBuffer, the error says which headers a page needs', () => {
  const descriptor = Object.getOwnPropertyDescriptor(globalThis, 'SharedArrayBuffer')
  assert.ok(descriptor)
  Reflect.deleteProperty(globalThis, 'SharedArrayBuffer')
  try {
    refuses(() => allocate(1000, { shared: true }), Error, 'Cross-Origin-Opener-Policy: same-origin')
    refuses(() => allocate(1000, { shared: true }), Error, 'Cross-Origin-Embedder-Policy: require-corp')
    assert.is(allocate(1000).variable.length, 1000)
  } finally {
    Object.defineProperty(globalThis, 'SharedArrayBuffer', descriptor)
  }
})

test('where WebAssembly memory cannot be shared, shared arrays are like any other and steps have the same bits', () => {
  const arrays = attach({
    memory: { buffer: new SharedArrayBuffer(12 * LENGTH) },
    length: LENGTH,
    precision: 'float32',
  })
  const expected = fill(arrays)
  const factor = step(expected.variable, expected.accumulator, expected.gradient, OPTIONS)
  sameNumber(step(arrays.variable, arrays.accumulator, arrays.gradient, OPTIONS), factor, 'the factor')
  sameArrays(arrays, expected)
})

test('shared memory is freed when the last thread that holds it lets go', async () => {
  const holder = new Worker("require('node:worker_threads').parentPort.on('message', (handle) => { kept = handle })", {
    eval: true,
  })
  await once(holder, 'online')
  const before = await memoryInUse()
  const size = 160e6
  const share = () => {
    const { variable, accumulator, handle } = allocate(size / 8, { shared: true })
    variable.fill(1)
    accumulator.fill(1)
    holder.postMessage(handle)
  }
  share()
  assert.ok((await memoryInUse()) - before > size / 2, 'the other thread holds it')
  await holder.terminate()
  assert.ok((await memoryInUse()) - before < size / 2, 'nobody holds it')
})

test.run()
