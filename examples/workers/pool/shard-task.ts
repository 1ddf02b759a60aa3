/** What the pool's threads do for a shard. Nothing stays in a thread: any of them can do any shard's next task. */
import { clippingFactor, type FloatArray, type StepOptions, updateAccumulator, updateVariable } from 'clippy-adagrad'
import type { Shard } from '../shards.ts'

export interface DecideTask extends Shard {
  readonly options: StepOptions
  /** Room for what the accumulator will be, in standard mode: there it is updated before anything is decided. */
  readonly nextAccumulator: FloatArray | undefined
}

export interface UpdateTask extends DecideTask {
  readonly factor: number
}

/** The shard's own clipping factor. Throws where a number is not finite; writes to nothing that a step may change. */
export function decide({ variable, accumulator, nextAccumulator, gradient, options }: DecideTask): number {
  if (nextAccumulator === undefined) return clippingFactor(variable, accumulator, gradient, options)
  nextAccumulator.set(accumulator)
  updateAccumulator(nextAccumulator, gradient)
  return clippingFactor(variable, nextAccumulator, gradient, options)
}

/** The step itself, with the smallest factor of all shards. */
export function update({ variable, accumulator, nextAccumulator, gradient, options, factor }: UpdateTask): void {
  if (nextAccumulator !== undefined) accumulator.set(nextAccumulator)
  updateVariable(variable, accumulator, gradient, factor, options)
  if (nextAccumulator === undefined) {
    updateAccumulator(accumulator, gradient, options.clipAccumulatorUpdate ? factor : 1)
  }
}
