import { ClippyAdagrad, type ClippyAdagradOptions, type ReadyPair, type Variable } from 'clippy-adagrad'
import { firstReason, messageOf, type Ranks, StepRefused } from './agreement.ts'

/** What each rank would decide by itself, from its own shards. */
const NEED_WHOLE_VARIABLES = ['clipnorm', 'globalClipnorm', 'clipvalue', 'nonFiniteGradients'] as const

export type ShardedOptions = Omit<ClippyAdagradOptions, (typeof NEED_WHOLE_VARIABLES)[number]>

/** Less than any factor. MPI_MIN with a NaN is undefined, so this stands for it. */
const REFUSAL = -1

/**
 * Every rank has a part of each variable, its accumulator and its gradient, and gives only that; an empty part counts. The
 * smallest factor of all parts is the variable's, so the bits are those of one process that has it all. All ranks must give
 * parts of the same variables in the same order.
 */
export class ShardedClippyAdagrad extends ClippyAdagrad {
  static override readonly className = 'ShardedClippyAdagrad'

  readonly #ranks: Ranks
  /** Set by the last reduction: whether some rank refused, and whether this one did. */
  #refusal: 'none' | 'own' | 'other' = 'none'

  constructor(ranks: Ranks, options: ShardedOptions = {}) {
    super(options)
    for (const option of NEED_WHOLE_VARIABLES) {
      if (!(option in options)) continue
      throw new RangeError(`${option} cannot be given: a rank would decide by its own part of the variables`)
    }
    this.#ranks = ranks
  }

  protected override reduceClippingFactor(factor: number, _variable: Variable): number {
    const own = Number.isNaN(factor)
    const smallest = Float64Array.of(own ? REFUSAL : factor)
    this.#ranks.allreduce(smallest, 'min')
    if (smallest[0] !== REFUSAL) return smallest[0]
    this.#refusal = own ? 'own' : 'other'
    return Number.NaN
  }

  /** Where a rank refuses, all of them are here, at the same variable; the one that knows the reason tells the others. */
  protected override decide(pairs: readonly ReadyPair[]): void {
    this.#refusal = 'none'
    try {
      super.decide(pairs)
    } catch (error) {
      if (this.#refusal === 'none') throw error
      const reason = firstReason(this.#ranks, this.#refusal === 'own' ? messageOf(error) : undefined)
      throw new StepRefused(reason)
    }
  }
}
