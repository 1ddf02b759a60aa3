/** The arrays that a step takes: either precision, and all of one call of the same. */
export type FloatArray = Float32Array | Float64Array

/** Float32Array for any kind of Float32Array (on shared memory, of a subclass), and the same for Float64Array. */
export type SamePrecision<Values extends FloatArray> = Values extends Float32Array ? Float32Array : Float64Array

/** Whole numbers that name rows. */
export type RowIndices =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | readonly number[]

/**
 * The gradient of a few rows of a variable of shape [rows, …].
 *
 * `values` holds one row of the variable after the other, row-major, one for each entry of `indices`; the width of a
 * row follows from the two lengths. An index may be repeated: its rows are summed first, in the order given.
 */
export interface SparseGradient {
  /** Row numbers, whole, from 0 to rows − 1. */
  readonly indices: RowIndices
  /** `indices.length` rows of the variable's precision. */
  readonly values: FloatArray
}

/** Dense (an array of the variable's length) or sparse (some rows of it). */
export type Gradient = FloatArray | SparseGradient

/**
 * The hyperparameters of one step, all optional. Numbers are finite and ≥ 0.
 *
 * | option | default | range, meaning |
 * | --- | --- | --- |
 * | `learningRate` | 0.001 | ≥ 0 |
 * | `epsilon` | 1e-7 | ≥ 0; added to the accumulator under the root |
 * | `variableRelativeThreshold` | 0.1 | ≥ 0; the share of its size that a weight may move |
 * | `accumulatorRelativeThreshold` | 0 | ≥ 0; times 1/√(accumulator + epsilon), what it may move besides |
 * | `absoluteThreshold` | 1e-7 | ≥ 0, or Infinity for plain Adagrad; what any weight may move. Set 0.01 to start with |
 * | `clipAccumulatorUpdate` | false | the accumulator gets the clipped gradient's square |
 * | `useStandardAccumulatorUpdate` | false | the accumulator is updated first; not with the one above |
 */
export interface StepOptions {
  /** Learning rate; 0.001. */
  readonly learningRate?: number | undefined
  /** Added to the accumulator under the square root; 1e-7. */
  readonly epsilon?: number | undefined
  /** Share of |variable| that a step may move it; 0.1 (the paper used 0.5). */
  readonly variableRelativeThreshold?: number | undefined
  /** Multiple of 1/√(accumulator + epsilon) that a step may move a coordinate; 0. */
  readonly accumulatorRelativeThreshold?: number | undefined
  /**
   * What a step may move any coordinate, however small the variable; 1e-7 (the paper used 0.01). `Infinity` switches
   * clipping off: that is plain Adagrad.
   */
  readonly absoluteThreshold?: number | undefined
  /** Multiply the gradient by the clipping factor before it is squared into the accumulator; false. */
  readonly clipAccumulatorUpdate?: boolean | undefined
  /** Update the accumulator before it preconditions the step, as in classical Adagrad; false. */
  readonly useStandardAccumulatorUpdate?: boolean | undefined
}
