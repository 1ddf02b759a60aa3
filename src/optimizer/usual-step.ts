import { type FloatArray, type Gradient, precisionOf } from '../step/old/index.ts'
import type { GradientAndVariable, ReadyPair } from './gradients.ts'
import type { OptimizerState } from './optimizer-state.ts'
import { Variable } from './variable.ts'

/**
 * Reads the pairs of the usual step into objects that are kept from step to step, so that such a step allocates nothing:
 * a list of known variables, none twice, each with a dense gradient that fits.
 */
export class UsualStep {
  readonly #pairs: [Gradient, Variable][] = []
  /** By a variable's place: in which reading it was met last. */
  readonly #metIn: number[] = []
  #readings = 0
  #isInUse = false

  /** The pairs, until `forget`; undefined where anything is unusual, for the general way to look at, which has messages. */
  read(gradsAndVars: Iterable<GradientAndVariable>, state: OptimizerState): readonly ReadyPair[] | undefined {
    if (this.#isInUse || !Array.isArray(gradsAndVars) || gradsAndVars.length === 0) return undefined
    const given: readonly unknown[] = gradsAndVars
    this.#readings++
    for (let k = 0; k < given.length; k++) {
      const pair = given[k]
      if (!Array.isArray(pair) || pair.length !== 2 || !this.#take(k, pair[0], pair[1], state)) {
        this.forget()
        return undefined
      }
    }
    this.#pairs.length = given.length
    this.#isInUse = true
    return this.#pairs
  }

  #take(k: number, gradient: unknown, of: unknown, state: OptimizerState): boolean {
    const value = of instanceof Variable ? of.value : of
    const place = state.findPlace(value)
    if (place === undefined || this.#metIn[place] === this.#readings) return false
    this.#metIn[place] = this.#readings
    const precision = precisionOf(gradient)
    if (precision === undefined || precision !== precisionOf(value)) return false
    if ((gradient as FloatArray).length !== (value as FloatArray).length) return false
    const variable = state.at(place)
    if (k < this.#pairs.length) {
      this.#pairs[k][0] = gradient as FloatArray
      this.#pairs[k][1] = variable
    } else {
      this.#pairs[k] = [gradient as FloatArray, variable]
    }
    return true
  }

  /** Lets go of the gradients. */
  forget(): void {
    for (const pair of this.#pairs) pair[0] = pair[1].value
    this.#isInUse = false
  }
}
