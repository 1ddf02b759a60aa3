import { type Dataset, UNKNOWN_CATEGORY } from './data.ts'
import {
  createDenseLayer,
  type DenseLayer,
  denseBackward,
  denseForward,
  type FloatArray,
  type FloatArrayConstructor,
  uniform,
} from './dense.ts'
import { logLoss, sigmoid } from './metrics.ts'
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

/** The gradient of an embedding table: the table's rows that a batch uses, each once, in order of appearance. */
export interface EmbeddingGradient {
  indices: Int32Array
  values: FloatArray
}

/** Room for an EmbeddingGradient and, for each row of the table, its place there while it is being collected. */
interface EmbeddingEntries extends EmbeddingGradient {
  places: Int32Array
}

const NO_PLACE = -1

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
  readonly #numericCount: number
  readonly #embeddings: FloatArray[]
  readonly #embeddingGradients: FloatArray[]
  readonly #embeddingEntries: EmbeddingEntries[]
  readonly #layers: DenseLayer[]
  /** `#activations[n]` is the input of layer n, the last one is the logits; `#activationGradients` likewise. */
  readonly #activations: FloatArray[]
  readonly #activationGradients: FloatArray[]

  constructor(options: ModelOptions) {
    const { categoryCounts, numericCount, embeddingWidth, hidden, batchSize, random, Floats = Float32Array } = options
    this.#width = embeddingWidth
    this.#numericCount = numericCount

    this.#embeddings = categoryCounts.map((count) => {
      const table = uniform(count * embeddingWidth, 0.05, random, Floats)
      // No training row uses this row, so it stays 0: an unknown category says nothing.
      table.fill(0, UNKNOWN_CATEGORY * embeddingWidth, (UNKNOWN_CATEGORY + 1) * embeddingWidth)
      return table
    })
    this.#embeddingGradients = this.#embeddings.map((table) => new Floats(table.length))
    this.#embeddingEntries = categoryCounts.map((count) => ({
      indices: new Int32Array(batchSize),
      values: new Floats(batchSize * embeddingWidth),
      places: new Int32Array(count).fill(NO_PLACE),
    }))

    const sizes = [categoryCounts.length * embeddingWidth + numericCount, ...hidden, 1]
    this.#layers = hidden.map((outputs, layer) => {
      const limit = Math.sqrt(6 / sizes[layer]) // He: keeps the variance through a ReLU.
      return createDenseLayer(sizes[layer], outputs, limit, random, Floats)
    })
    const last = sizes[hidden.length]
    this.#layers.push(createDenseLayer(last, 1, Math.sqrt(6 / (last + 1)), random, Floats)) // Glorot: no ReLU follows.

    this.#activations = sizes.map((size) => new Floats(batchSize * size))
    this.#activationGradients = sizes.map((size) => new Floats(batchSize * size))
    this.variables = [...this.#embeddings, ...this.#layers.flatMap((layer) => [layer.weights, layer.bias])]
    this.gradients = [
      ...this.#embeddingGradients,
      ...this.#layers.flatMap((layer) => [layer.weightsGradient, layer.biasGradient]),
    ]
  }

  /** The logits of the named rows of `data`: a view that the next call overwrites. */
  logits(data: Dataset, rows: Int32Array): FloatArray {
    this.#readInputs(data, rows)
    const last = this.#layers.length - 1
    this.#layers.forEach((layer, index) => {
      denseForward(layer, this.#activations[index], this.#activations[index + 1], rows.length, index < last)
    })
    return this.#activations[last + 1].subarray(0, rows.length)
  }

  /** The mean binary cross-entropy of the named rows. */
  loss(data: Dataset, rows: Int32Array): number {
    const logits = this.logits(data, rows)
    const logitGradients = this.#activationGradients[this.#layers.length]
    let loss = 0
    for (let row = 0; row < rows.length; row++) {
      const label = data.labels[rows[row]]
      loss += logLoss(logits[row], label) / rows.length
      logitGradients[row] = (sigmoid(logits[row]) - label) / rows.length
    }
    return loss
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
    const tables = this.#embeddings.length
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
    const width = this.#width
    const columns = this.#embeddings.length
    const inputGradient = this.#activationGradients[0]
    const inputs = this.#layers[0].inputs
    const { indices, values, places } = this.#embeddingEntries[column]
    let count = 0
    for (let row = 0; row < rows.length; row++) {
      const category = data.categories[rows[row] * columns + column]
      if (places[category] === NO_PLACE) {
        indices[count] = category
        values.fill(0, count * width, (count + 1) * width)
        places[category] = count++
      }
      const to = places[category] * width
      const from = row * inputs + column * width
      for (let offset = 0; offset < width; offset++) values[to + offset] += inputGradient[from + offset]
    }
    for (let entry = 0; entry < count; entry++) places[indices[entry]] = NO_PLACE
    return { indices: indices.subarray(0, count), values: values.subarray(0, count * width) }
  }

  /** Puts each row's embeddings and numbers side by side. */
  #readInputs(data: Dataset, rows: Int32Array): void {
    const width = this.#width
    const numericCount = this.#numericCount
    const columns = this.#embeddings.length
    const input = this.#activations[0]
    let position = 0
    for (let row = 0; row < rows.length; row++) {
      for (let column = 0; column < columns; column++) {
        const table = this.#embeddings[column]
        const start = data.categories[rows[row] * columns + column] * width
        for (let offset = 0; offset < width; offset++) input[position++] = table[start + offset]
      }
      const start = rows[row] * numericCount
      for (let offset = 0; offset < numericCount; offset++) input[position++] = data.numbers[start + offset]
    }
  }
}

/** Adds the entries to the rows of `table` that they name. */
function addRows({ indices, values }: EmbeddingGradient, table: FloatArray, width: number): void {
  for (let entry = 0; entry < indices.length; entry++) {
    const start = indices[entry] * width
    for (let offset = 0; offset < width; offset++) table[start + offset] += values[entry * width + offset]
  }
}
