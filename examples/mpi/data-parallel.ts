import {
  type ApplyOptions,
  ClippyAdagrad,
  type ClippyAdagradOptions,
  type FloatArray,
  type GradientAndVariable,
  PerReplica,
  type ReadyPair,
  Variable,
} from 'clippy-adagrad'
import { firstReason, messageOf, type Ranks, StepRefused } from './agreement.ts'
import { allFinite, nonFiniteIn, scaleInto } from './dense-sum.ts'

/**
 * Every rank has all variables and a part of each batch; gradients are summed over the ranks, and all take the same step.
 * Each rank must begin with the same variables, and give gradients of the same variables in the same order.
 *
 * Sparse gradients are made dense, and all gradients go in one array, so that a step is one large MPI_Allreduce: the demo's
 * tables have 110 rows in all, and a batch names most of them. A table of which a step touches few rows is not for this.
 */
export class DataParallelClippyAdagrad extends ClippyAdagrad {
  static override readonly className = 'DataParallelClippyAdagrad'

  /**
   * What this rank's gradients are multiplied by before they are summed. Where they are means over the rank's rows, its
   * rows over those of all ranks make the sum the mean over the batch: set it before each step.
   */
  weight: number
  readonly #ranks: Ranks
  readonly #skips: boolean
  /** Whether the other ranks wait, or soon will, to hear if this one refuses the step. */
  #othersAsk = false
  /** Kept from step to step. */
  #room: FloatArray = new Float32Array(0)

  constructor(ranks: Ranks, options: ClippyAdagradOptions = {}) {
    super(options)
    this.#ranks = ranks
    this.#skips = options.nonFiniteGradients === 'skip'
    this.weight = 1 / ranks.size
  }

  /** Sums over the ranks. The gradients that it returns are views that the next step overwrites. */
  override aggregateGradients(gradsAndVars: Iterable<GradientAndVariable>): GradientAndVariable[] {
    const pairs = super.aggregateGradients(gradsAndVars).map(readyPair)
    const room = this.#roomFor(pairs.map(([, { value }]) => value))
    let end = 0
    const sums = pairs.map(([gradient, variable]): ReadyPair => {
      const start = end
      end += variable.size
      const sum = room.subarray(start, end)
      scaleInto(sum, gradient, this.weight)
      return [sum, variable]
    })
    this.#ranks.allreduce(room, 'sum')
    // A NaN or infinity of one rank is in the sums of all: only then do they ask whose it was. With 'skip' all skip alike.
    if (!this.#skips && !allFinite(room)) {
      throw new StepRefused(firstReason(this.#ranks, nonFiniteIn(pairs)) ?? 'the sum over the ranks overflows')
    }
    this.#othersAsk = true
    return sums.map(([sum, variable]) => [sum, variable])
  }

  /** As that of the base class; StepRefused on every rank where one of them refuses after the sum. */
  override applyGradients(gradsAndVars: Iterable<GradientAndVariable>, options?: ApplyOptions): number {
    this.#othersAsk = false
    try {
      return super.applyGradients(gradsAndVars, options)
    } catch (error) {
      if (!this.#othersAsk) throw error
      throw new StepRefused(firstReason(this.#ranks, messageOf(error)), { cause: error })
    }
  }

  /** A variable or accumulator may be spoilt on one rank only: eight bytes a step, and it has told the others. */
  protected override decide(pairs: readonly ReadyPair[]): void {
    super.decide(pairs)
    this.#othersAsk = false
    const reason = firstReason(this.#ranks, undefined)
    if (reason !== undefined) throw new StepRefused(reason)
  }

  /** An array of the values' precision, as long as all of them. */
  #roomFor(values: readonly FloatArray[]): FloatArray {
    const isFloat32 = values[0] instanceof Float32Array
    if (values.some((value) => value instanceof Float32Array !== isFloat32)) {
      throw new TypeError('variables of both precisions; expected one, so that one array holds all gradients')
    }
    const length = values.reduce((sum, value) => sum + value.length, 0)
    if (this.#room.length !== length || this.#room instanceof Float32Array !== isFloat32) {
      this.#room = isFloat32 ? new Float32Array(length) : new Float64Array(length)
    }
    return this.#room
  }
}

/** `applyGradients` passes Variables on, and the base class has summed replicas: this tells the compiler. */
function readyPair([gradient, variable]: GradientAndVariable): ReadyPair {
  const isReady = gradient !== null && gradient !== undefined && !(gradient instanceof PerReplica)
  if (!isReady || !(variable instanceof Variable)) throw new TypeError('expected a gradient and its Variable')
  return [gradient, variable]
}
