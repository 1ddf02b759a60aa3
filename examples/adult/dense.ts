import type { Random } from './random.ts'

export type FloatArray = Float32Array | Float64Array
export type FloatArrayConstructor = Float32ArrayConstructor | Float64ArrayConstructor

/** A fully connected layer, output = input · weights + bias, with room for its gradients. */
export interface DenseLayer {
  inputs: number
  outputs: number
  /** One row for each input: the weight from input i to output o is at i · outputs + o. */
  weights: FloatArray
  bias: FloatArray
  weightsGradient: FloatArray
  biasGradient: FloatArray
}

export function createDenseLayer(
  inputs: number,
  outputs: number,
  limit: number,
  random: Random,
  Floats: FloatArrayConstructor,
): DenseLayer {
  return {
    inputs,
    outputs,
    weights: uniform(inputs * outputs, limit, random, Floats),
    bias: new Floats(outputs),
    weightsGradient: new Floats(inputs * outputs),
    biasGradient: new Floats(outputs),
  }
}

/** Numbers between −limit and limit. */
export function uniform(length: number, limit: number, random: Random, Floats: FloatArrayConstructor): FloatArray {
  const values = new Floats(length)
  for (let index = 0; index < length; index++) values[index] = (2 * random() - 1) * limit
  return values
}

/** Fills `output` for the first `rows` rows of `input`; with `rectify`, negative outputs become 0 (ReLU). */
export function denseForward(
  layer: DenseLayer,
  input: FloatArray,
  output: FloatArray,
  rows: number,
  rectify: boolean,
): void {
  const { inputs, outputs, weights, bias } = layer
  for (let row = 0; row < rows; row++) {
    const inputStart = row * inputs
    const outputStart = row * outputs
    for (let o = 0; o < outputs; o++) output[outputStart + o] = bias[o]
    for (let i = 0; i < inputs; i++) {
      const value = input[inputStart + i]
      if (value === 0) continue // After a ReLU about half of the inputs are 0.
      const weightStart = i * outputs
      for (let o = 0; o < outputs; o++) output[outputStart + o] += value * weights[weightStart + o]
    }
    if (!rectify) continue
    for (let o = 0; o < outputs; o++) {
      // Not `> 0 ? … : 0`, which would turn a NaN into a harmless 0.
      if (output[outputStart + o] < 0) output[outputStart + o] = 0
    }
  }
}

/**
 * The chain rule for one layer. Reads `input` as the forward pass saw it and `outputGradient`, the derivative of the
 * loss by each output. Fills the layer's two gradients and `inputGradient`.
 *
 * Where the input came out of a ReLU (`inputRectified`), an input of 0 is a unit that was off: it passes nothing on,
 * and adds nothing to the weights' gradient.
 */
export function denseBackward(
  layer: DenseLayer,
  input: FloatArray,
  outputGradient: FloatArray,
  inputGradient: FloatArray,
  rows: number,
  inputRectified: boolean,
): void {
  const { inputs, outputs, weights, weightsGradient, biasGradient } = layer
  weightsGradient.fill(0)
  biasGradient.fill(0)
  for (let row = 0; row < rows; row++) {
    const inputStart = row * inputs
    const outputStart = row * outputs
    for (let o = 0; o < outputs; o++) biasGradient[o] += outputGradient[outputStart + o]
    for (let i = 0; i < inputs; i++) {
      const value = input[inputStart + i]
      if (inputRectified && value === 0) {
        inputGradient[inputStart + i] = 0
        continue
      }
      const weightStart = i * outputs
      let sum = 0
      for (let o = 0; o < outputs; o++) {
        const gradient = outputGradient[outputStart + o]
        weightsGradient[weightStart + o] += value * gradient
        sum += weights[weightStart + o] * gradient
      }
      inputGradient[inputStart + i] = sum
    }
  }
}
