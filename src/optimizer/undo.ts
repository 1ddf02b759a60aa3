import type { FloatArray } from '../step/old/index.ts'

/** Rows of an array: `width` values from each of `rows` · width. */
export interface Rows {
  readonly rows: ArrayLike<number>
  readonly width: number
}

/** Copies of what a step is about to write, put back if the step fails half-way. */
export class Undo {
  readonly #restorations: (() => void)[] = []

  /** Remembers a whole array, or some rows of it. */
  remember(array: FloatArray, part?: Rows): void {
    if (part === undefined) {
      const copy = array.slice()
      this.#restorations.push(() => array.set(copy))
      return
    }
    const { rows, width } = part
    const copies = Array.from(rows, (row) => array.slice(row * width, (row + 1) * width))
    this.#restorations.push(() => {
      copies.forEach((copy, k) => {
        array.set(copy, rows[k] * width)
      })
    })
  }

  /** Puts everything back as it was when it was first remembered. */
  restore(): void {
    while (this.#restorations.length > 0) this.#restorations.pop()?.()
  }
}
