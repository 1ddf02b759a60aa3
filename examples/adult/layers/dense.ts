import { type Activation, type FloatArray, type Layer, type Making, type Parameter, uniform } from './layer.ts'
import { multiply } from './multiply.ts'

export interface DenseOptions {
  readonly name: string
  readonly inputs: number
  readonly outputs: number
  /** Whether negative outputs become 0. */
  readonly relu: boolean
}

/** A fully connected layer, output = input · weights + bias, with a ReLU after it or without. */
export class Dense implements Layer {
  readonly outputs: number
  readonly parameters: readonly Parameter[]
  readonly activations: readonly Activation[]

  readonly #inputs: number
  readonly #relu: boolean
  /** One row for each input: the weight from input i to output o is at i · outputs + o. */
  readonly #weights: Parameter
  readonly #bias: Parameter
  readonly #output: FloatArray
  readonly #inputGradient: FloatArray
  #input: FloatArray

  constructor({ name, inputs, outputs, relu }: DenseOptions, making: Making) {
    const { batchSize, Floats } = making
    // He's limit keeps the variance through a ReLU; where none follows, Glorot's.
    const limit = Math.sqrt(6 / (relu ? inputs : inputs + outputs))
    this.outputs = outputs
    this.#inputs = inputs
    this.#relu = relu
    this.#weights = {
      name: `${name}, weights`,
      shape: [inputs, outputs],
      value: uniform(inputs * outputs, limit, making),
      gradient: new Floats(inputs * outputs),
    }
    this.#bias = { name: `${name}, bias`, shape: [outputs], value: new Floats(outputs), gradient: new Floats(outputs) }
    this.parameters = [this.#weights, this.#bias]
    this.#output = new Floats(batchSize * outputs)
    this.#inputGradient = new Floats(batchSize * inputs)
    this.#input = this.#inputGradient
    this.activations = relu ? [{ name, units: outputs, values: this.#output }] : []
  }

  forward(input: FloatArray, rows: number): FloatArray {
    this.#input = input
    const { outputs } = this
    const output = this.#output
    const bias = this.#bias.value
    multiply(
      { values: input, rowStride: this.#inputs, columnStride: 1 },
      { values: this.#weights.value, rowStride: outputs, columnStride: 1 },
      output,
      { rows, inner: this.#inputs, columns: outputs },
    )
    for (let row = 0; row < rows; row++) {
      for (let o = 0; o < outputs; o++) output[row * outputs + o] += bias[o]
    }
    if (!this.#relu) return output
    for (let i = 0; i < rows * outputs; i++) {
      // Not `> 0 ? … : 0`, which would turn a NaN into a harmless 0.
      if (output[i] < 0) output[i] = 0
    }
    return output
  }

  backward(outputGradient: FloatArray, rows: number): FloatArray {
    const { outputs } = this
    const output = this.#output
    if (this.#relu) {
      // A unit that is off passes nothing on.
      for (let i = 0; i < rows * outputs; i++) if (output[i] === 0) outputGradient[i] = 0
    }
    multiply(
      { values: this.#input, rowStride: 1, columnStride: this.#inputs }, // Transposed.
      { values: outputGradient, rowStride: outputs, columnStride: 1 },
      this.#weights.gradient,
      { rows: this.#inputs, inner: rows, columns: outputs },
    )
    multiply(
      { values: outputGradient, rowStride: outputs, columnStride: 1 },
      { values: this.#weights.value, rowStride: 1, columnStride: outputs }, // Transposed.
      this.#inputGradient,
      { rows, inner: outputs, columns: this.#inputs },
    )
    const biasGradient = this.#bias.gradient.fill(0)
    for (let row = 0; row < rows; row++) {
      for (let o = 0; o < outputs; o++) biasGradient[o] += outputGradient[row * outputs + o]
    }
    return this.#inputGradient
  }
}
