import { allocate, clippingFactor, type FloatArray, type SharedAllocation } from 'clippy-adagrad'
import { Team } from '../team/team.ts'
import type { ShardOptions } from './shard-optimizer.ts'
import type { ShardData, Step } from './thread.ts'

const PROGRAM = new URL('thread.ts', import.meta.url)

/**
 * A variable in shards, one for each of several threads: steps have the bits of `step` on the whole, and nothing is copied.
 *
 * Between steps the three arrays are the main thread's: it fills `gradient`, and reads or writes the others.
 */
export class ShardedVariable {
  readonly variable: FloatArray
  readonly accumulator: FloatArray
  readonly gradient: FloatArray
  readonly #options: ShardOptions
  readonly #team: Team<Step, number>

  private constructor(arrays: SharedAllocation, options: ShardOptions, team: Team<Step, number>) {
    this.variable = arrays.variable
    this.accumulator = arrays.accumulator
    this.gradient = arrays.gradient
    this.#options = options
    this.#team = team
  }

  /** Starts so many threads on the values, which are copied this once. Rejects as the constructor of `ClippyAdagrad` throws. */
  static async start(values: FloatArray, threads: number, options: ShardOptions): Promise<ShardedVariable> {
    const precision = values instanceof Float32Array ? 'float32' : 'float64'
    const arrays: SharedAllocation = allocate(values.length, { precision, shared: true })
    arrays.variable.set(values)
    const data: ShardData = { handle: arrays.handle, options }
    return new ShardedVariable(arrays, options, await Team.start(PROGRAM, threads, data))
  }

  /**
   * One step with what is in `gradient`; gives the clipping factor. Nothing has changed where it throws for a number that is
   * not finite. Where a thread dies the team is lost, perhaps in the middle of a step: start another from a checkpoint.
   */
  async step(learningRate?: number): Promise<number> {
    try {
      const [factor] = await this.#team.tell({ learningRate })
      return factor
    } catch (error) {
      // A shard counts from its own first coordinate; the same look at the whole names the coordinate's real index.
      if (error instanceof RangeError) this.#refuse()
      throw error
    }
  }

  #refuse(): void {
    const { initialAccumulatorValue: _start, ...options } = this.#options
    clippingFactor(this.variable, this.accumulator, this.gradient, options)
  }

  end(): Promise<void> {
    return this.#team.end()
  }
}
