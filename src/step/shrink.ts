import { describe, nonNegative } from '../shared/check.ts'
import { float32, float64, nextToward, precisionOf } from './precision.ts'
import type { FloatArray } from './types.ts'

/** Numbers with a shape, row-major; a bare array has the shape [length] and a bare number has none. */
export interface ShapedValue {
  /** As many numbers as the shape holds, or a single one for a shape that holds one. */
  readonly value: FloatArray | readonly number[] | number
  /** Extents, whole and ≥ 0, the last one varying fastest; [] for a single number. */
  readonly shape: readonly number[]
}

/** What `shrinkByReferences` takes as a tensor or a reference. */
export type Tensor = FloatArray | readonly number[] | number | ShapedValue

/** A tensor shrunk as a whole until each coordinate is within its limit. */
export interface Shrunk<Values extends FloatArray = FloatArray> {
  /** scale · tensor, flat: a Float32Array where the tensor is one, else a Float64Array. */
  readonly shrunk: Values
  /** The largest scale in [0, 1] with |tensorᵢ| · scale ≤ limitᵢ for every i. */
  readonly scale: number
}

/**
 * Clips an update of any origin as Clippy does: gives a copy of `tensor`, shrunk by one factor until every coordinate is
 * within a share of the references and an absolute part.
 *
 *     |tensorᵢ| · scale ≤ Σⱼ |referenceⱼᵢ| · relativeFactorⱼ + absoluteFactor
 *
 * Source: `shrink_by_references` of the reference (tensorflow_recommenders/experimental/optimizers/clippy_adagrad.py).
 *
 * @param tensor - the proposed update.
 * @param references - any number of them, each broadcast to the tensor's shape by NumPy's rules.
 * @param relativeFactors - one for each reference, finite and ≥ 0.
 * @param absoluteFactor - finite and ≥ 0.
 * @returns the shrunk copy and the scale. A limit of 0 under a coordinate other than 0 gives scale 0.
 * @throws RangeError for a negative or non-finite factor, unequal counts, a shape that does not fit or a value that is
 * not finite; TypeError for an argument of the wrong kind.
 *
 * @example
 * ```js
 * shrinkByReferences([0.5, 1], [[1, 1]], [0.1], 0.1).scale // 0.2: the second coordinate may move 0.2
 * ```
 */
export function shrinkByReferences(
  tensor: Float32Array,
  references: readonly Tensor[],
  relativeFactors: readonly number[],
  absoluteFactor: number,
): Shrunk<Float32Array>
export function shrinkByReferences(
  tensor: Tensor,
  references: readonly Tensor[],
  relativeFactors: readonly number[],
  absoluteFactor: number,
): Shrunk
export function shrinkByReferences(
  tensor: Tensor,
  references: readonly Tensor[],
  relativeFactors: readonly number[],
  absoluteFactor: number,
): Shrunk {
  if (references.length !== relativeFactors.length) {
    throw new RangeError(
      `there are ${references.length} references and ${relativeFactors.length} relativeFactors; expected as many of one as of the other`,
    )
  }
  relativeFactors.forEach((factor, k) => {
    nonNegative(factor, `relativeFactors[${k}]`)
  })
  nonNegative(absoluteFactor, 'absoluteFactor')
  const { values, shape } = shaped(tensor, 'tensor')
  const limits = new Float64Array(values.length).fill(absoluteFactor)
  references.forEach((reference, k) => {
    addMultiple(limits, shape, shaped(reference, `references[${k}]`), relativeFactors[k], `references[${k}]`)
  })
  let scale = 1
  for (let i = 0; i < values.length; i++) {
    if (values[i] !== 0) scale = Math.min(scale, limits[i] / Math.abs(values[i]))
  }
  const isSingle = precisionOf(values) === float32
  const shrunk = isSingle ? new Float32Array(values.length) : new Float64Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const product = values[i] * scale
    const limit = limits[i]
    shrunk[i] = Math.abs(product) <= limit ? product : Math.sign(product) * limit
    // Rounding to float32 may have carried it over.
    if (Math.abs(shrunk[i]) > limit) shrunk[i] = nextToward(shrunk[i], 0, isSingle ? float32 : float64)
  }
  return { shrunk, scale }
}

interface Shaped {
  readonly values: ArrayLike<number>
  readonly shape: readonly number[]
}

function shaped(tensor: Tensor, what: string): Shaped {
  if (typeof tensor === 'number') return checked([tensor], [], what)
  if (isFlat(tensor)) return checked(tensor, [tensor.length], what)
  if (typeof tensor !== 'object' || tensor === null || !('value' in tensor && Array.isArray(tensor.shape))) {
    throw new TypeError(`${what} is ${describe(tensor)}; expected a number, an array or { value, shape }`)
  }
  const { value, shape } = tensor
  return checked(typeof value === 'number' ? [value] : value, shape, what)
}

function isFlat(tensor: Exclude<Tensor, number>): tensor is FloatArray | readonly number[] {
  return Array.isArray(tensor) || precisionOf(tensor) !== undefined
}

function checked(values: ArrayLike<number>, shape: readonly number[], what: string): Shaped {
  const size = shape.reduce((product, extent) => product * extent, 1)
  if (!shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0) || size !== values.length) {
    throw new RangeError(
      `${what} has ${values.length} values and shape [${shape}]; expected as many as the shape holds`,
    )
  }
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new RangeError(`${what}[${i}] is ${describe(values[i])}; expected a finite number`)
    }
  }
  return { values, shape }
}

/** limits += |reference| · factor, the reference broadcast to `shape`. */
function addMultiple(
  limits: Float64Array,
  shape: readonly number[],
  reference: Shaped,
  factor: number,
  what: string,
): void {
  const missing = shape.length - reference.shape.length
  const fits = missing >= 0 && reference.shape.every((extent, k) => extent === 1 || extent === shape[k + missing])
  if (!fits) {
    throw new RangeError(`${what} has shape [${reference.shape}], which does not broadcast to [${shape}]`)
  }
  for (let i = 0; i < limits.length; i++) {
    let rest = i
    let at = 0
    let stride = 1
    for (let k = shape.length - 1; k >= missing; k--) {
      const extent = reference.shape[k - missing]
      if (extent > 1) at += (rest % shape[k]) * stride
      stride *= extent
      rest = Math.floor(rest / shape[k])
    }
    limits[i] += Math.abs(reference.values[at]) * factor
  }
}
