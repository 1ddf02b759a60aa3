import type { DenseLayer, FloatArray } from '../../../examples/adult/dense.ts'
import { multiply } from './multiply.ts'

/** output = input · weights + bias, for the first `rows` rows of `input`. */
export function affineForward(layer: DenseLayer, input: FloatArray, output: FloatArray, rows: number): void {
  const { inputs, outputs, weights, bias } = layer
  multiply(
    { values: input, rowStride: inputs, columnStride: 1 },
    { values: weights, rowStride: outputs, columnStride: 1 },
    output,
    { rows, inner: inputs, columns: outputs },
  )
  for (let row = 0; row < rows; row++) {
    for (let o = 0; o < outputs; o++) output[row * outputs + o] += bias[o]
  }
}

/** The chain rule for `affineForward`: fills the layer's two gradients and `inputGradient`. */
export function affineBackward(
  layer: DenseLayer,
  input: FloatArray,
  outputGradient: FloatArray,
  inputGradient: FloatArray,
  rows: number,
): void {
  const { inputs, outputs, weights, weightsGradient, biasGradient } = layer
  multiply(
    { values: input, rowStride: 1, columnStride: inputs }, // Transposed.
    { values: outputGradient, rowStride: outputs, columnStride: 1 },
    weightsGradient,
    { rows: inputs, inner: rows, columns: outputs },
  )
  multiply(
    { values: outputGradient, rowStride: outputs, columnStride: 1 },
    { values: weights, rowStride: 1, columnStride: outputs }, // Transposed.
    inputGradient,
    { rows, inner: outputs, columns: inputs },
  )
  biasGradient.fill(0)
  for (let row = 0; row < rows; row++) {
    for (let o = 0; o < outputs; o++) biasGradient[o] += outputGradient[row * outputs + o]
  }
}

/** ReLU in place, on the first `count` values. */
export function rectify(values: FloatArray, count: number): void {
  for (let i = 0; i < count; i++) {
    // Not `> 0 ? … : 0`, which would turn a NaN into a harmless 0.
    if (values[i] < 0) values[i] = 0
  }
}

/** The chain rule for `rectify`, in place: a unit that was off passes nothing on. */
export function rectifyBackward(outputs: FloatArray, gradient: FloatArray, count: number): void {
  for (let i = 0; i < count; i++) {
    if (outputs[i] === 0) gradient[i] = 0
  }
}

/** Of a cross layer, what `crossForward` leaves for `crossBackward`; each has a row for each row of a batch. */
export interface CrossRoom {
  /** x · W + b. */
  readonly projected: FloatArray
  readonly projectedGradient: FloatArray
}

/**
 * The cross layer of DCN-v2 (Wang et al. 2021), x ⊙ (x · W + b) + x: the first of a stack, whose input is x₀ itself.
 * `layer` has as many outputs as inputs.
 */
export function crossForward(
  layer: DenseLayer,
  { projected }: CrossRoom,
  input: FloatArray,
  output: FloatArray,
  rows: number,
): void {
  affineForward(layer, input, projected, rows)
  for (let i = 0; i < rows * layer.inputs; i++) output[i] = input[i] * projected[i] + input[i]
}

/** The chain rule for `crossForward`: x acts as the factor, through the projection, and as itself. */
export function crossBackward(
  layer: DenseLayer,
  { projected, projectedGradient }: CrossRoom,
  input: FloatArray,
  outputGradient: FloatArray,
  inputGradient: FloatArray,
  rows: number,
): void {
  const count = rows * layer.inputs
  for (let i = 0; i < count; i++) projectedGradient[i] = outputGradient[i] * input[i]
  affineBackward(layer, input, projectedGradient, inputGradient, rows)
  for (let i = 0; i < count; i++) inputGradient[i] += outputGradient[i] * (projected[i] + 1)
}
