import {
  type ApplyOptions,
  ClippyAdagrad,
  type ClippyAdagradOptions,
  type GradientAndVariable,
  type Variable,
} from 'clippy-adagrad'
import { firstReason, messageOf, type Ranks, StepRefused } from './agreement.ts'

/** What a rank would decide by itself, from its own parts. */
const NEED_WHOLE_VARIABLES = ['clipnorm', 'globalClipnorm', 'nonFiniteGradients'] as const

export type ShardedOptions = Omit<ClippyAdagradOptions, (typeof NEED_WHOLE_VARIABLES)[number]>

type Refusal = 'none' | 'own' | 'other'

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
  /** Whether a rank has refused the step under way, and whether it was this one. */
  #refusal: Refusal = 'none'

  constructor(ranks: Ranks, options: ShardedOptions = {}) {
    super(options)
    for (const option of NEED_WHOLE_VARIABLES) {
      if (!(option in options)) continue
      throw new RangeError(`${option} cannot be given: a rank would decide by its own part of the variables`)
    }
    this.#ranks = ranks
  }

  /** As that of the base class; StepRefused on every rank where one of them refuses. */
  override applyGradients(gradsAndVars: Iterable<GradientAndVariable>, options?: ApplyOptions): number {
    const taken = this.iterations
    this.#refusal = 'none' as Refusal
    try {
      return super.applyGradients(gradsAndVars, options)
    } catch (error) {
      // A constraint threw: this rank has taken the step.
      if (this.iterations > taken) throw error
      const own = this.#refusal !== 'other'
      // The others wait for a factor.
      if (this.#refusal === 'none') this.#smallest(REFUSAL)
      throw new StepRefused(firstReason(this.#ranks, own ? messageOf(error) : undefined), { cause: error })
    }
  }

  protected override reduceClippingFactor(factor: number, _variable: Variable): number {
    return this.#smallest(Number.isNaN(factor) ? REFUSAL : factor)
  }

  /** The smallest of what all ranks give; NaN where one of them refuses. */
  #smallest(own: number): number {
    const smallest = Float64Array.of(own)
    this.#ranks.allreduce(smallest, 'min')
    if (smallest[0] !== REFUSAL) return smallest[0]
    this.#refusal = own === REFUSAL ? 'own' : 'other'
    return Number.NaN
  }
}
