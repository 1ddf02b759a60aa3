import type { Dataset } from './data.ts'
import {
  createDenseLayer,
  type DenseLayer,
  denseBackward,
  denseForward,
  type FloatArray,
  type FloatArrayConstructor,
} from './dense.ts'
import { type EmbeddingGradient, Embeddings } from './embeddings.ts'
import { logLossBackward } from './metrics.ts'
import type { Random } from './random.ts'

export interface ModelOptions {
  /** Rows of each embedding table, one table for each categorical column. */
  categoryCounts: readonly number[]
  numericCount: number
  embeddingWidth: number
  /** Units of each ReLU layer. */
  hidden: readonly number[]
  /** The most rows that one call of `logits` or `lossAndGradients` takes. */
  batchSize: number
  random: Random
  /** Float32Array unless given; the gradient check needs Float64Array. */
  Floats?: FloatArrayConstructor
}

/**
 * Embeddings and numbers side by side → ReLU layers → one logit.
 *
 * Everything is a flat array, allocated once: `variables` are what an optimizer moves. A training step calls `loss`, then
 * `backward`, then `sparseGradients` (or `denseGradients`) for the gradients in the order of `variables`.
 */
export class Model {
  readonly variables: readonly FloatArray[]
  readonly gradients: readonly FloatArray[]

  readonly #width: number
  readonly #embeddings: Embeddings
  readonly #embeddingGradients: FloatArray[]
  readonly #layers: DenseLayer[]
  /** `#activations[n]` is the input of layer n, the last one is the logits; `#activationGradients` likewise. */
  readonly #activations: FloatArray[]
  readonly #activationGradients: FloatArray[]

  constructor(options: ModelOptions) {
    const { embeddingWidth, hidden, batchSize, random, Floats = Float32Array } = options
    this.#width = embeddingWidth
    this.#embeddings = new Embeddings({ ...options, Floats })
    const { tables } = this.#embeddings
    this.#embeddingGradients = tables.map((table) => new Floats(table.length))

    const sizes = [this.#embeddings.outputs, ...hidden, 1]
    this.#layers = hidden.map((outputs, layer) => {
      const limit = Math.sqrt(6 / sizes[layer]) // He: keeps the variance through a ReLU.
      return createDenseLayer(sizes[layer], outputs, limit, random, Floats)
    })
    const last = sizes[hidden.length]
    this.#layers.push(createDenseLayer(last, 1, Math.sqrt(6 / (last + 1)), random, Floats)) // Glorot: no ReLU follows.

    this.#activations = sizes.map((size) => new Floats(batchSize * size))
    this.#activationGradients = sizes.map((size) => new Floats(batchSize * size))
    this.variables = [...tables, ...this.#layers.flatMap((layer) => [layer.weights, layer.bias])]
    this.gradients = [
      ...this.#embeddingGradients,
      ...this.#layers.flatMap((layer) => [layer.weightsGradient, layer.biasGradient]),
    ]
  }

  /** The logits of the named rows of `data`: a view that the next call overwrites. */
  logits(data: Dataset, rows: Int32Array): FloatArray {
    this.#embeddings.forward(data, rows, this.#activations[0])
    const last = this.#layers.length - 1
    this.#layers.forEach((layer, index) => {
      denseForward(layer, this.#activations[index], this.#activations[index + 1], rows.length, index < last)
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
      const [input, inputGradient] = [this.#activations[index], this.#activationGradients[index]]
      const outputGradient = this.#activationGradients[index + 1]
      denseBackward(this.#layers[index], input, outputGradient, inputGradient, rows.length, index > 0)
    }
  }

  /** After `backward` for the same rows: all gradients, those of the embedding tables by row. The next call overwrites them. */
  sparseGradients(data: Dataset, rows: Int32Array): (FloatArray | EmbeddingGradient)[] {
    const tables = this.#embeddings.tables.length
    return this.gradients.map((gradient, index) =>
      index < tables ? this.embeddingGradient(data, rows, index) : gradient,
    )
  }

  /** After `backward` for the same rows: all gradients as whole arrays; the next call overwrites them. */
  denseGradients(data: Dataset, rows: Int32Array): readonly FloatArray[] {
    this.#embeddingGradients.forEach((gradient, column) => {
      addRows(this.embeddingGradient(data, rows, column), gradient.fill(0), this.#width)
    })
    return this.gradients
  }

  /** The mean binary cross-entropy of the named rows; fills `gradients` with its derivatives. */
  lossAndGradients(data: Dataset, rows: Int32Array): number {
    const loss = this.loss(data, rows)
    this.backward(rows)
    this.denseGradients(data, rows)
    return loss
  }

  /** After `backward` for the same rows: the gradient of one embedding table, one entry for each category among them. */
  embeddingGradient(data: Dataset, rows: Int32Array, column: number): EmbeddingGradient {
    return this.#embeddings.backward(data, rows, column, this.#activationGradients[0])
  }
}

/** Adds the entries to the rows of `table` that they name. */
function addRows({ indices, values }: EmbeddingGradient, table: FloatArray, width: number): void {
  for (let entry = 0; entry < indices.length; entry++) {
    const start = indices[entry] * width
    for (let offset = 0; offset < width; offset++) table[start + offset] += values[entry * width + offset]
  }
}
