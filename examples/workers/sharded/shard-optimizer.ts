import {
  type Allocation,
  ClippyAdagrad,
  type FloatArray,
  type ReferenceVariableOptions,
  type StepOptions,
  Variable,
} from 'clippy-adagrad'
import type { Meeting } from '../team/meeting.ts'

/** What a step takes. Not all of an optimizer's options: the norm of a shard, say, is not that of the variable. */
export interface ShardOptions extends StepOptions {
  /** 0.1. */
  readonly initialAccumulatorValue?: number | undefined
}

/**
 * One thread's optimizer for its shard of each variable: the factor of each is the smallest of all shards', and accumulators
 * lie on the shared arrays, where the main thread can save them.
 */
export class ShardOptimizer extends ClippyAdagrad {
  readonly #meeting: Meeting
  readonly #accumulators: ReadonlyMap<FloatArray, FloatArray>

  constructor(options: ShardOptions, meeting: Meeting, shards: readonly Allocation[]) {
    super({ ...options, exportClippingFactors: true })
    this.#meeting = meeting
    this.#accumulators = new Map(shards.map(({ variable, accumulator }) => [variable, accumulator]))
    this.build(shards.map(({ variable }) => variable))
  }

  /** Called for every variable of every step, before anything is written; with NaN where this shard refuses the step. */
  protected override reduceClippingFactor(factor: number): number {
    return this.#meeting.smallest(factor)
  }

  override addVariableFromReference(
    model: Variable | FloatArray,
    name: string,
    options?: ReferenceVariableOptions,
  ): Variable {
    const accumulator = this.#accumulators.get(model instanceof Variable ? model.value : model)
    if (name !== 'accumulator' || accumulator === undefined) return super.addVariableFromReference(model, name, options)
    return new Variable(accumulator, { name })
  }
}
