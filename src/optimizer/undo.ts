import { type FloatArray, type Gradient, isSparse } from '../step/index.ts'
import { copyOf, zerosLike } from './arrays.ts'
import type { Decision } from './decision.ts'
import { widthOf } from './sparse.ts'
import type { State } from './state.ts'

/**
 * Copies what `updateStep` may write: the rows its gradient names, in the variable and its slots, and shared state. Call the
 * result to put all of it back.
 */
export function rememberedBefore(decisions: readonly Decision[], state: State): () => void {
  const restorations: (() => void)[] = []
  for (const { share } of decisions) {
    const { gradient, value, trained } = share
    const { variable } = trained
    restorations.push(remembered(variable.value, value === variable.value ? gradient : undefined))
    for (const slot of state.slotsOf(variable)) {
      restorations.push(remembered(slot.value, slot.size === variable.size ? gradient : undefined))
    }
  }
  for (const { value } of state.shared()) restorations.push(remembered(value))
  return () => {
    for (const restore of restorations.reverse()) restore()
  }
}

/**
 * Copies an array, or the rows of it that a sparse gradient names; the indices too, as whoever fails may have changed them.
 * What has been detached or has shrunk by then takes what it still has room for, and nothing throws.
 */
function remembered(array: FloatArray, gradient?: Gradient): () => void {
  const isPart = gradient !== undefined && isSparse(gradient)
  const rows = isPart ? Array.from(gradient.indices) : [0]
  const width = isPart ? widthOf(gradient) : array.length
  const forEach = (visit: (place: number, k: number) => void) => {
    rows.forEach((row, r) => {
      for (let c = 0; c < width; c++) visit(row * width + c, r * width + c)
    })
  }
  const copy = isPart ? zerosLike(array, rows.length * width) : copyOf(array)
  if (isPart) {
    forEach((place, k) => {
      copy[k] = array[place]
    })
  }
  return () => {
    forEach((place, k) => {
      array[place] = copy[k]
    })
  }
}
