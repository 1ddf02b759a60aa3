import type { Dataset } from '../../../examples/adult/data.ts'
import { createDenseLayer, type DenseLayer, type FloatArray } from '../../../examples/adult/dense.ts'
import { type EmbeddingGradient, Embeddings } from '../../../examples/adult/embeddings.ts'
import { logLossBackward } from '../../../examples/adult/metrics.ts'
import type { ModelOptions } from '../../../examples/adult/model.ts'
import {
  affineBackward,
  affineForward,
  type CrossRoom,
  crossBackward,
  crossForward,
  rectify,
  rectifyBackward,
} from './layers.ts'

/**
 * Embeddings and numbers side by side → one cross layer → ReLU layers → one logit, without any normalisation.
 *
 * Used as the demo's model is: `loss`, then `backward`, then `sparseGradients` in the order of `variables`. Everything is
 * allocated once.
 */
export class DeepModel {
  /** The embedding tables, then weights and bias of the cross layer, of each ReLU layer and of the last layer. */
  readonly variables: readonly FloatArray[]

  readonly #embeddings: Embeddings
  readonly #cross: DenseLayer
  readonly #crossRoom: CrossRoom
  readonly #input: FloatArray
  readonly #inputGradient: FloatArray
  readonly #layers: readonly DenseLayer[]
  /** `#activations[n]` is the input of layer n, the last one is the logits; `#activationGradients` likewise. */
  readonly #activations: readonly FloatArray[]
  readonly #activationGradients: readonly FloatArray[]

  constructor(options: ModelOptions) {
    const { hidden, batchSize, random, Floats = Float32Array } = options
    this.#embeddings = new Embeddings({ ...options, Floats })
    const width = this.#embeddings.outputs
    this.#cross = createDenseLayer(width, width, Math.sqrt(3 / width), random, Floats) // Glorot.

    const sizes = [width, ...hidden, 1]
    this.#layers = sizes.slice(1).map((outputs, layer) => {
      const inputs = sizes[layer]
      const isLast = layer === hidden.length
      // He before a ReLU, Glorot where none follows: as in the demo's model.
      return createDenseLayer(inputs, outputs, Math.sqrt(6 / (isLast ? inputs + 1 : inputs)), random, Floats)
    })

    const room = (size: number): FloatArray => new Floats(batchSize * size)
    this.#input = room(width)
    this.#inputGradient = room(width)
    this.#crossRoom = { projected: room(width), projectedGradient: room(width) }
    this.#activations = sizes.map(room)
    this.#activationGradients = sizes.map(room)
    const layers = [this.#cross, ...this.#layers]
    this.variables = [...this.#embeddings.tables, ...layers.flatMap(({ weights, bias }) => [weights, bias])]
  }

  /** The logits of the named rows of `data`: a view that the next call overwrites. */
  logits(data: Dataset, rows: Int32Array): FloatArray {
    this.#embeddings.forward(data, rows, this.#input)
    crossForward(this.#cross, this.#crossRoom, this.#input, this.#activations[0], rows.length)
    const last = this.#layers.length - 1
    this.#layers.forEach((layer, index) => {
      const output = this.#activations[index + 1]
      affineForward(layer, this.#activations[index], output, rows.length)
      if (index < last) rectify(output, rows.length * layer.outputs)
    })
    return this.#activations[last + 1].subarray(0, rows.length)
  }

  /** The mean binary cross-entropy of the named rows. */
  loss(data: Dataset, rows: Int32Array): number {
    const logitGradients = this.#activationGradients[this.#layers.length]
    return logLossBackward(this.logits(data, rows), data.labels, rows, logitGradients)
  }

  /** After `loss` for the same rows: its derivatives by everything but the embedding tables. */
  backward(rows: Int32Array): void {
    for (let index = this.#layers.length - 1; index >= 0; index--) {
      const layer = this.#layers[index]
      const input = this.#activations[index]
      const inputGradient = this.#activationGradients[index]
      affineBackward(layer, input, this.#activationGradients[index + 1], inputGradient, rows.length)
      if (index > 0) rectifyBackward(input, inputGradient, rows.length * layer.inputs)
    }
    const crossedGradient = this.#activationGradients[0]
    crossBackward(this.#cross, this.#crossRoom, this.#input, crossedGradient, this.#inputGradient, rows.length)
  }

  /** After `backward` for the same rows: all gradients, those of the embedding tables by row. The next call overwrites them. */
  sparseGradients(data: Dataset, rows: Int32Array): (FloatArray | EmbeddingGradient)[] {
    const layers = [this.#cross, ...this.#layers]
    return [
      ...this.#embeddings.tables.map((_, column) => {
        return this.#embeddings.backward(data, rows, column, this.#inputGradient)
      }),
      ...layers.flatMap(({ weightsGradient, biasGradient }) => [weightsGradient, biasGradient]),
    ]
  }
}
