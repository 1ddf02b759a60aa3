import { Dense } from './dense.ts'
import type { FloatArray, Layer, Making } from './layer.ts'

/** The cross layer of DCN-v2 (Wang et al. 2021), x ⊙ (x · W + b) + x: the first of a stack, whose input is x₀ itself. */
export class Cross implements Layer {
  readonly outputs: number
  readonly parameters: Layer['parameters']
  readonly activations = []

  /** x · W + b. */
  readonly #projection: Dense
  readonly #output: FloatArray
  readonly #projectedGradient: FloatArray
  #input: FloatArray
  #projected: FloatArray

  constructor({ name, inputs }: { readonly name: string; readonly inputs: number }, making: Making) {
    this.outputs = inputs
    this.#projection = new Dense({ name, inputs, outputs: inputs, relu: false }, making)
    this.parameters = this.#projection.parameters
    this.#output = new making.Floats(making.batchSize * inputs)
    this.#projectedGradient = this.#output.slice()
    this.#input = this.#projected = this.#output
  }

  forward(input: FloatArray, rows: number): FloatArray {
    const output = this.#output
    const projected = this.#projection.forward(input, rows)
    for (let i = 0; i < rows * this.outputs; i++) output[i] = input[i] * projected[i] + input[i]
    this.#input = input
    this.#projected = projected
    return output
  }

  /** x acts as the factor, through the projection, and as itself. */
  backward(outputGradient: FloatArray, rows: number): FloatArray {
    const count = rows * this.outputs
    const projectedGradient = this.#projectedGradient
    for (let i = 0; i < count; i++) projectedGradient[i] = outputGradient[i] * this.#input[i]
    const inputGradient = this.#projection.backward(projectedGradient, rows)
    for (let i = 0; i < count; i++) inputGradient[i] += outputGradient[i] * (this.#projected[i] + 1)
    return inputGradient
  }
}
