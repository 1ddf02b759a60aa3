/** One thread of a team: it owns a shard and its state, and takes a step on it whenever it is told to. */
import { parentPort, workerData } from 'node:worker_threads'
import { ClippyAdagrad, type FloatArray, type StepOptions, Variable } from 'clippy-adagrad'
import { type SharedFactors, SmallestOfAll } from './smallest-of-all.ts'

/** What a step takes. Not all of an optimizer's options: the norm of a shard, say, is not that of the variable. */
export interface TeamOptions extends StepOptions {
  /** 0.1. */
  readonly initialAccumulatorValue?: number | undefined
}

/** What a thread is started with: its part of the shared arrays, and where the threads meet. */
export interface ThreadData {
  readonly rank: number
  readonly variable: FloatArray
  readonly gradient: FloatArray
  readonly factors: SharedFactors
  readonly options: TeamOptions
}

/** A step at this learning rate, or at the one before. */
export interface Command {
  readonly learningRate: number | undefined
}

export type Answer = { readonly factor: number } | { readonly error: unknown }

/** An optimizer for a shard: its factor is the smallest of all shards'. */
class ShardOptimizer extends ClippyAdagrad {
  readonly #smallest: SmallestOfAll

  constructor(options: TeamOptions, smallest: SmallestOfAll) {
    super({ ...options, exportClippingFactors: true })
    this.#smallest = smallest
  }

  protected override reduceClippingFactor(factor: number): number {
    return this.#smallest.of(factor)
  }
}

const { rank, variable, gradient, factors, options }: ThreadData = workerData
const shard = ownCopy(variable)
const optimizer = new ShardOptimizer(options, new SmallestOfAll(factors, rank))
optimizer.build([shard])

/** A float32 shard lies in WebAssembly's memory, where steps are fastest. Threads cannot share that, only look at copies. */
function ownCopy(values: FloatArray): Variable {
  if (values instanceof Float64Array) return new Variable(values.slice())
  const copy = new Variable(0, { shape: [values.length] })
  copy.value.set(values)
  return copy
}

function step({ learningRate }: Command): Answer {
  try {
    if (learningRate !== undefined) optimizer.learningRate = learningRate
    shard.gradient.set(gradient)
    optimizer.applyGradients([[shard.gradient, shard]])
    variable.set(shard.value)
    return { factor: optimizer.clippingFactors[0] }
  } catch (error) {
    return { error }
  }
}

parentPort?.on('message', (command: Command) => parentPort?.postMessage(step(command)))
parentPort?.postMessage('ready')
