import type { FloatArray, Layer } from './layer.ts'

/** Layers one after the other: each takes what the one before it puts out. */
export class Stack implements Layer {
  readonly outputs: number
  readonly parameters: Layer['parameters']
  readonly activations: Layer['activations']
  readonly #layers: readonly Layer[]

  constructor(layers: readonly Layer[]) {
    const last = layers.at(-1)
    if (last === undefined) throw new RangeError('a stack needs a layer, received none')
    this.outputs = last.outputs
    this.parameters = layers.flatMap(({ parameters }) => parameters)
    this.activations = layers.flatMap(({ activations }) => activations)
    this.#layers = layers
  }

  forward(input: FloatArray, rows: number): FloatArray {
    return this.#layers.reduce((output, layer) => layer.forward(output, rows), input)
  }

  backward(outputGradient: FloatArray, rows: number): FloatArray {
    return this.#layers.reduceRight((gradient, layer) => layer.backward(gradient, rows), outputGradient)
  }
}
