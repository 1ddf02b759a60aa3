/** A thread that attaches what it is sent, steps its shard once and says how that went. */
import { parentPort, workerData } from 'node:worker_threads'
import { type AllocationHandle, attach, step } from '../../../src/step/index.ts'
import { isInPlace } from './in-place.ts'

/** What the thread is sent. */
export interface Task {
  readonly handle: AllocationHandle
  readonly from: number
  readonly to: number
  readonly learningRate: number
}

/** What it answers. */
export interface Done {
  readonly factor: number
  readonly isInPlace: boolean
}

// The loader of TypeScript needs it, steps do not before the first of them.
if (workerData.withoutWebAssembly) Reflect.deleteProperty(globalThis, 'WebAssembly')

parentPort?.once('message', ({ handle, from, to, learningRate }: Task) => {
  const arrays = attach(handle)
  const [variable, accumulator, gradient] = [arrays.variable, arrays.accumulator, arrays.gradient].map((array) =>
    array.subarray(from, to),
  )
  const inPlace = isInPlace(variable, accumulator, gradient)
  const factor = step(variable, accumulator, gradient, { learningRate })
  parentPort?.postMessage({ factor, isInPlace: inPlace } satisfies Done)
})
