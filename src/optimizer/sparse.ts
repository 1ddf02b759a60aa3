import {
  type FloatArray,
  type Gradient,
  isSparse,
  isSparseGradient,
  precisionOf,
  type SparseGradient,
} from '../step/index.ts'

/** Whether this may stand for a gradient, dense or sparse; says nothing of what a sparse one holds. */
export function isGradient(given: unknown): given is Gradient {
  return precisionOf(given) !== undefined || isSparseGradient(given)
}

/** The values of a gradient: all of a dense one, those of its rows of a sparse one. */
export function valuesOf(gradient: Gradient): FloatArray {
  return isSparse(gradient) ? gradient.values : gradient
}

/** Width of a row; 0 without rows. */
export function widthOf({ indices, values }: SparseGradient): number {
  return indices.length === 0 ? 0 : values.length / indices.length
}
