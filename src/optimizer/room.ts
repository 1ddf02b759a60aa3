import type { FloatArray } from '../step/index.ts'
import { zerosLike } from './arrays.ts'
import type { Trained } from './trained.ts'

/**
 * Arrays of the trained variables' lengths, for clipped gradients and decayed weights. A step borrows them and gives them
 * back when it is over, so that the next one need not ask the system for new memory: writing to that takes as long as half
 * a step. What a step within the step borrows is another array.
 */
export class Room {
  readonly #lent: (readonly [trained: Trained, array: FloatArray])[] = []

  /** An array as long as the variable, with any values. */
  lend(trained: Trained): FloatArray {
    const { value, spare } = trained
    const array = spare.pop() ?? zerosLike(value)
    this.#lent.push([trained, array])
    return array
  }

  /** Keeps what was lent for another step. */
  giveBack(): void {
    for (const [{ spare }, array] of this.#lent.splice(0)) spare.push(array)
  }
}
