import { clippingFactor, type FloatArray, type StepOptions } from 'clippy-adagrad'
import type { Piscina } from 'piscina'
import { cuts, type Shard, shared } from '../shards.ts'
import type { DecideTask, UpdateTask } from './shard-task.ts'

/**
 * A variable on shared memory whose step is taken by a pool of threads, a shard each: the bits of `step` on the whole.
 *
 * Between steps the three arrays are the main thread's: it fills `gradient` and reads `variable`.
 */
export class ShardedVariable implements Shard {
  readonly variable: FloatArray
  readonly accumulator: FloatArray
  readonly gradient: FloatArray
  readonly #pool: Piscina
  readonly #cuts: readonly number[]
  #nextAccumulator: FloatArray | undefined
  #isStepping = false

  /** Copies the values. More shards than the pool has threads are done in turns. */
  constructor(pool: Piscina, values: FloatArray, shards: number, initialAccumulatorValue = 0.1) {
    this.#pool = pool
    this.#cuts = cuts(values, shards)
    this.variable = shared(values)
    this.accumulator = shared(values).fill(initialAccumulatorValue)
    this.gradient = shared(values).fill(0)
  }

  /**
   * One step with what is in `gradient`; gives the clipping factor. Nothing has changed where it throws as `step` does.
   * Where a thread dies while it writes, the variable may be updated in part: go on from a checkpoint then.
   */
  async step(options: StepOptions = {}): Promise<number> {
    if (this.#isStepping) throw new Error('the last step is still under way; wait for it')
    this.#isStepping = true
    try {
      const tasks = this.#tasks(options)
      const factor = Math.min(...(await this.#decide(tasks, options)))
      const updates = tasks.map((task): UpdateTask => ({ ...task, factor }))
      await all(updates.map((task) => this.#pool.run(task, { name: 'update' })))
      return factor
    } finally {
      this.#isStepping = false
    }
  }

  /** Every shard's factor, once all have looked at their numbers. */
  async #decide(tasks: readonly DecideTask[], options: StepOptions): Promise<number[]> {
    try {
      return await all<number>(tasks.map((task) => this.#pool.run(task, { name: 'decide' })))
    } catch (error) {
      // A shard counts from its own first coordinate; the same look at the whole names the coordinate's real index.
      const { variable, accumulator, gradient } = this
      clippingFactor(variable, this.#nextAccumulator ?? accumulator, gradient, options)
      throw error
    }
  }

  #tasks(options: StepOptions): DecideTask[] {
    const { variable, accumulator, gradient } = this
    if (!options.useStandardAccumulatorUpdate) this.#nextAccumulator = undefined
    else this.#nextAccumulator ??= shared(accumulator)
    const next = this.#nextAccumulator
    return this.#cuts.slice(1).map((end, k) => {
      const view = (array: FloatArray) => array.subarray(this.#cuts[k], end)
      return {
        variable: view(variable),
        accumulator: view(accumulator),
        gradient: view(gradient),
        nextAccumulator: next && view(next),
        options,
      }
    })
  }
}

/** `Promise.all` that also waits for the others where one fails: no thread may still read or write after that. */
async function all<Value>(promises: readonly Promise<Value>[]): Promise<Value[]> {
  await Promise.allSettled(promises)
  return Promise.all(promises)
}
