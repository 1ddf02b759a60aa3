import type { FloatArray, Gradient, SparseGradient } from '../step/index.ts'

/** Whether a gradient names rows. */
export function isSparse(gradient: Gradient): gradient is SparseGradient {
  return 'indices' in gradient && 'values' in gradient
}

/** The values of a gradient: all of a dense one, those of its rows of a sparse one. */
export function valuesOf(gradient: Gradient): FloatArray {
  return isSparse(gradient) ? gradient.values : gradient
}

/** Width of a row; 0 without rows. */
export function widthOf({ indices, values }: SparseGradient): number {
  return indices.length === 0 ? 0 : values.length / indices.length
}
