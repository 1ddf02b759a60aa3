import type { Dataset } from './data.ts'
import type { EmbeddingGradient, Embeddings } from './layers/embeddings.ts'
import type { Activation, FloatArray, Layer, Making, Parameter } from './layers/layer.ts'
import { logLossBackward } from './metrics.ts'

/**
 * Embeddings and numbers side by side → a network → a logit for each task.
 *
 * Everything is a flat array, allocated once: `variables` are what an optimizer moves. A training step calls `loss`, then
 * `backward`, then `sparseGradients` for the gradients in the order of `variables`.
 */
export class Model {
  /** The embedding tables, then the parameters of the network. */
  readonly variables: readonly FloatArray[]
  readonly parameters: readonly Parameter[]
  readonly activations: readonly Activation[]
  /** The number of the label that each logit learns. */
  readonly labels: readonly number[]

  readonly #embeddings: Embeddings
  readonly #network: Layer
  readonly #input: FloatArray
  readonly #logitGradients: FloatArray
  #inputGradient: FloatArray

  constructor(embeddings: Embeddings, network: Layer, { batchSize, Floats }: Making, labels: readonly number[] = [0]) {
    this.#embeddings = embeddings
    this.#network = network
    this.labels = labels
    this.#input = new Floats(batchSize * embeddings.outputs)
    this.#inputGradient = this.#input
    this.#logitGradients = new Floats(batchSize * labels.length)
    this.parameters = network.parameters
    this.activations = network.activations
    this.variables = [...embeddings.tables, ...network.parameters.map(({ value }) => value)]
  }

  /** The number of logits that a row has. */
  get tasks(): number {
    return this.labels.length
  }

  /** The logits of the named rows of `data`, row after row: a view that the next call overwrites. */
  logits(data: Dataset, rows: Int32Array): FloatArray {
    this.#embeddings.forward(data, rows, this.#input)
    return this.#network.forward(this.#input, rows.length).subarray(0, rows.length * this.tasks)
  }

  /** The mean binary cross-entropy of the named rows, added up over the tasks. */
  loss(data: Dataset, rows: Int32Array): number {
    const logits = this.logits(data, rows)
    return this.labels.reduce((sum, label, task) => {
      const place = { task, tasks: this.tasks }
      return sum + logLossBackward(logits, data.labels[label], rows, this.#logitGradients, place)
    }, 0)
  }

  /** After `loss` for the same rows: its derivatives by everything but the embedding tables. */
  backward(rows: Int32Array): void {
    this.#inputGradient = this.#network.backward(this.#logitGradients, rows.length)
  }

  /** After `backward` for the same rows: all gradients, those of the embedding tables by row. The next call overwrites them. */
  sparseGradients(data: Dataset, rows: Int32Array): (FloatArray | EmbeddingGradient)[] {
    const inputGradient = this.#inputGradient
    return [
      ...this.#embeddings.tables.map((_, column) => this.#embeddings.backward(data, rows, column, inputGradient)),
      ...this.parameters.map(({ gradient }) => gradient),
    ]
  }

  /** After `backward` for the same rows: all gradients as whole arrays, those of the embedding tables new ones. */
  denseGradients(data: Dataset, rows: Int32Array): FloatArray[] {
    return this.sparseGradients(data, rows).map((gradient, index) =>
      'indices' in gradient ? wholeTable(gradient, this.variables[index]) : gradient,
    )
  }
}

/** Zeros but for the rows that the entries name. */
function wholeTable({ indices, values }: EmbeddingGradient, table: FloatArray): FloatArray {
  const whole = table.slice().fill(0)
  const width = values.length / indices.length
  for (let entry = 0; entry < indices.length; entry++) {
    whole.set(values.subarray(entry * width, (entry + 1) * width), indices[entry] * width)
  }
  return whole
}
