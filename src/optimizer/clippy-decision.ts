import {
  explainOperands,
  type FloatArray,
  type Gradient,
  type Hyperparameters,
  type Operands,
  type OperandsExplained,
  operandsOf,
  refuse,
  smallestFactor,
  summedGradient,
  update,
  withOwnRows,
} from '../step/index.ts'
import type { Decision } from './decision.ts'
import { named, naming } from './naming.ts'
import type { Share } from './share.ts'
import type { Variable } from './variable.ts'

/** The first pass of Clippy's step on one variable, and what the second one needs. */
export class ClippyDecision implements Decision {
  readonly share: Share
  readonly factor: number
  agreed: number
  readonly #accumulator: FloatArray
  readonly #h: Hyperparameters
  readonly #operands: Operands

  /**
   * Leaves in the share each row once, in memory of its own where a subclass `handsOut` what is there. Throws what the arrays
   * or their values are refused for, with the variable's name in front.
   */
  constructor(share: Share, accumulator: FloatArray, h: Hyperparameters, handsOut: boolean) {
    this.share = share
    this.#accumulator = accumulator
    this.#h = h
    const operands = this.#operandsWith(share.value)
    this.#operands = handsOut ? withOwnRows(operands) : operands
    share.gradient = summedGradient(this.#operands)
    this.factor = this.#factorOf(this.#operands)
    this.agreed = this.factor
  }

  /** Whether this was decided about such an update, and is what would be decided now. */
  holdsFor(gradient: Gradient, variable: Variable): boolean {
    const { gradient: decided, trained } = this.share
    if (gradient !== decided || variable.value !== trained.value) return false
    return this.#factorOf(this.#operandsWith(trained.value)) === this.factor
  }

  /** The second pass, with the factor agreed on; cannot fail. Decayed values have to be in the variable by now. */
  write(): void {
    const { value, trained } = this.share
    update(value === trained.value ? this.#operands : this.#operandsWith(trained.value), this.agreed, this.#h)
  }

  /** Which coordinate holds the variable back, and how far the others have room. */
  explained(): OperandsExplained {
    return explainOperands(this.#operands, this.#h)
  }

  #operandsWith(value: FloatArray): Operands {
    const { gradient, trained } = this.share
    try {
      return operandsOf(value, this.#accumulator, gradient, this.#h.precision)
    } catch (error) {
      throw named(trained.variable, error)
    }
  }

  #factorOf(operands: Operands): number {
    const factor = smallestFactor(operands, this.#h)
    if (!Number.isNaN(factor)) return factor
    const { trained, place } = this.share
    return naming(trained.variable, () => refuse(operands, this.#h), place)
  }
}
