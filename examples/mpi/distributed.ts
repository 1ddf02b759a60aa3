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

/** A part of a variable, of which the other ranks have the rest. It may be empty. */
export class Shard extends Variable {}

/** What a rank would decide by its own part of a variable. */
const NEED_WHOLE_VARIABLES = ['clipnorm', 'globalClipnorm', 'nonFiniteGradients'] as const

/** Less than any factor. MPI_MIN with a NaN is undefined, so this stands for it. */
const REFUSAL = -1

/** How far the ranks are with a step. */
interface Meeting {
  /** The variables of the step, and those for which `reduceClippingFactor` has been called. */
  readonly variables: number
  asked: number
  /** Whether this rank refuses the step, and whether all know that one of them does. */
  refuses: boolean
  isRefused: boolean
}

/**
 * Trains two kinds of variables together, in one step that all ranks take or none:
 *
 * - A `Shard`: every rank gives the gradient of its own part, summed over the ranks already. The smallest factor of all
 *   parts is the variable's, so the bits are those of one process that has it all.
 * - Any other variable: every rank has it whole, begins with the same values, and gives the gradient of its part of the
 *   batch; those are summed over the ranks. Sparse ones are made dense for that, and all go in one array.
 *
 * All ranks must give gradients of the same variables in the same order.
 */
export class DistributedClippyAdagrad extends ClippyAdagrad {
  static override readonly className = 'DistributedClippyAdagrad'

  /**
   * What this rank's gradients of whole variables are multiplied by before they are summed. Where they are means over the
   * rank's rows, its rows over those of all ranks make the sum the mean over the batch: set it before each step.
   */
  weight: number
  readonly #ranks: Ranks
  readonly #skips: boolean
  readonly #needWholeVariables: readonly string[]
  /** Undefined until the gradients are summed: an error before that is a mistake of one rank's program. */
  #meeting: Meeting | undefined
  /** Kept from step to step. */
  #room: FloatArray = new Float32Array(0)

  constructor(ranks: Ranks, options: ClippyAdagradOptions = {}) {
    super(options)
    this.#ranks = ranks
    this.#skips = options.nonFiniteGradients === 'skip'
    this.#needWholeVariables = NEED_WHOLE_VARIABLES.filter((option) => options[option] !== undefined)
    this.weight = 1 / ranks.size
  }

  /** As that of the base class; StepRefused on every rank where one of them refuses once the gradients are summed. */
  override applyGradients(gradsAndVars: Iterable<GradientAndVariable>, options?: ApplyOptions): number {
    this.#meeting = undefined
    try {
      return super.applyGradients(gradsAndVars, options)
    } catch (error) {
      // The compiler does not know that aggregateGradients has set it.
      const meeting = this.#meeting as Meeting | undefined
      if (meeting === undefined || !meeting.isRefused) throw error
      throw new StepRefused(firstReason(this.#ranks, meeting.refuses ? messageOf(error) : undefined), { cause: error })
    }
  }

  /** Sums over the ranks. The sums that it returns are views that the next step overwrites. */
  override aggregateGradients(gradsAndVars: Iterable<GradientAndVariable>): GradientAndVariable[] {
    const pairs = super.aggregateGradients(gradsAndVars).map(readyPair)
    const whole = pairs.filter(([, variable]) => !(variable instanceof Shard))
    if (whole.length < pairs.length && this.#needWholeVariables.length > 0) {
      throw new RangeError(`${this.#needWholeVariables[0]} cannot be given: a rank would decide by its own shards`)
    }
    const sums = this.#sum(whole)
    this.#meeting = { variables: pairs.length, asked: 0, refuses: false, isRefused: false }
    return pairs.map(([gradient, variable]) => [sums.get(variable) ?? gradient, variable])
  }

  #sum(pairs: readonly ReadyPair[]): Map<Variable, FloatArray> {
    const sums = new Map<Variable, FloatArray>()
    if (pairs.length === 0) return sums
    const room = this.#roomFor(pairs.map(([, { value }]) => value))
    let end = 0
    for (const [gradient, variable] of pairs) {
      const start = end
      end += variable.size
      const sum = room.subarray(start, end)
      scaleInto(sum, gradient, this.weight)
      sums.set(variable, sum)
    }
    this.#ranks.allreduce(room, 'sum')
    // A NaN or infinity of one rank is in the sums of all: only then do they ask whose it was. With 'skip' all skip alike.
    if (!this.#skips && !allFinite(room)) {
      throw new StepRefused(firstReason(this.#ranks, nonFiniteIn(pairs)) ?? 'the sum over the ranks overflows')
    }
    return sums
  }

  /**
   * The smallest factor of all ranks for a shard. A whole variable has the same factor on all of them unless it is spoilt on
   * one: that is told with the next shard or, at the latest, with the last variable.
   */
  protected override reduceClippingFactor(factor: number, variable: Variable): number {
    const meeting = this.#meeting
    if (meeting === undefined) return factor
    meeting.asked++
    meeting.refuses ||= Number.isNaN(factor)
    if (meeting.isRefused) return Number.NaN
    if (!(variable instanceof Shard) && meeting.asked < meeting.variables) return factor
    return this.#smallest(meeting, factor)
  }

  /** The smallest of what all ranks give; NaN where one of them refuses. */
  #smallest(meeting: Meeting, own: number): number {
    const smallest = Float64Array.of(meeting.refuses ? REFUSAL : own)
    this.#ranks.allreduce(smallest, 'min')
    meeting.isRefused = smallest[0] === REFUSAL
    return meeting.isRefused ? Number.NaN : smallest[0]
  }

  /** An array of the values' precision, as long as all of them. */
  #roomFor(values: readonly FloatArray[]): FloatArray {
    const isFloat32 = values[0] instanceof Float32Array
    if (values.some((value) => value instanceof Float32Array !== isFloat32)) {
      throw new TypeError('whole variables of both precisions; expected one, so that one array holds all gradients')
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
