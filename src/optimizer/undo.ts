import type { FloatArray, Gradient, SparseGradient } from '../step/index.ts'
import { copyOf, dtypeOf, zeros } from './arrays.ts'
import type { Share } from './decision.ts'
import type { State } from './state.ts'

/** Copies of what a step is about to write, put back if the step fails half-way. */
export class Undo {
  readonly #restorations: (() => void)[] = []

  /** Remembers a whole array. */
  remember(array: FloatArray): void {
    const copy = copyOf(array)
    this.#restorations.push(() => restoreRow(array, copy, 0))
  }

  /** Remembers the rows of an array that a gradient names. The indices are copied: whoever fails may have changed them. */
  rememberRows(array: FloatArray, gradient: SparseGradient): void {
    const rows = Array.from(gradient.indices)
    const width = rows.length === 0 ? 0 : gradient.values.length / rows.length
    const copies = rows.map((row) => {
      const copy = zeros(width, dtypeOf(array))
      for (let c = 0; c < width; c++) copy[c] = array[row * width + c]
      return copy
    })
    this.#restorations.push(() => {
      rows.forEach((row, k) => {
        restoreRow(array, copies[k], row * width)
      })
    })
  }

  /** Remembers what an update with this gradient may write of an array of the variable's size. */
  rememberTouched(array: FloatArray, gradient: Gradient): void {
    if ('indices' in gradient) this.rememberRows(array, gradient)
    else this.remember(array)
  }

  /** Puts everything back as it was when it was first remembered. */
  restore(): void {
    while (this.#restorations.length > 0) this.#restorations.pop()?.()
  }
}

/** Copies of what `updateStep` may write: the rows its gradient names, in the variable and its slots, and shared state. */
export function rememberedBefore(shares: readonly Share[], state: State): Undo {
  const undo = new Undo()
  for (const { gradient, value, trained } of shares) {
    const { variable } = trained
    if (value === variable.value) undo.rememberTouched(value, gradient)
    else undo.remember(variable.value)
    for (const slot of state.slotsOf(variable)) {
      if (slot.size === variable.size) undo.rememberTouched(slot.value, gradient)
      else undo.remember(slot.value)
    }
  }
  for (const { value } of state.shared()) undo.remember(value)
  return undo
}

/** Element by element: what has been detached or has shrunk since takes what it still has room for, and nothing throws. */
function restoreRow(array: FloatArray, copy: FloatArray, start: number): void {
  for (let i = 0; i < copy.length; i++) array[start + i] = copy[i]
}
