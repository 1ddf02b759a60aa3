import { isObject } from '../shared/check.ts'
import { type FloatArray, type Gradient, precisionOf, type RowIndices, type SparseGradient } from '../step/index.ts'

/** Whether a gradient names rows. */
export function isSparse(gradient: Gradient): gradient is SparseGradient {
  return !ArrayBuffer.isView(gradient) && 'indices' in gradient && 'values' in gradient
}

/** Whether this may stand for a gradient, dense or sparse; says nothing of what a sparse one holds. */
export function isGradient(given: unknown): given is Gradient {
  return precisionOf(given) !== undefined || (isObject(given) && isSparse(given as Gradient))
}

/** The values of a gradient: all of a dense one, those of its rows of a sparse one. */
export function valuesOf(gradient: Gradient): FloatArray {
  return isSparse(gradient) ? gradient.values : gradient
}

/** Whether rows are named in ascending order, so that each is named once. */
export function isAscending(indices: RowIndices): boolean {
  for (let k = 1; k < indices.length; k++) if (!(indices[k] > indices[k - 1])) return false
  return true
}

/** Width of a row; 0 without rows. */
export function widthOf({ indices, values }: SparseGradient): number {
  return indices.length === 0 ? 0 : values.length / indices.length
}
