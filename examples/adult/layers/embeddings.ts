import { type Dataset, UNKNOWN_CATEGORY } from '../data.ts'
import { type FloatArray, type Making, uniform } from './layer.ts'

/** The gradient of an embedding table: the table's rows that a batch uses, each once, in order of appearance. */
export interface EmbeddingGradient {
  indices: Int32Array
  values: FloatArray
}

/** Room for an EmbeddingGradient and, for each row of the table, its place there while it is being collected. */
interface EmbeddingEntries extends EmbeddingGradient {
  places: Int32Array
}

export interface EmbeddingsOptions {
  /** Rows of each embedding table, one table for each categorical column. */
  categoryCounts: readonly number[]
  numericCount: number
  embeddingWidth: number
}

const NO_PLACE = -1

/** The first part of a model: looks up each row's categories and puts their embeddings and the numbers side by side. */
export class Embeddings {
  readonly tables: readonly FloatArray[]
  /** Numbers that a row becomes. */
  readonly outputs: number

  readonly #width: number
  readonly #numericCount: number
  readonly #entries: readonly EmbeddingEntries[]

  constructor({ categoryCounts, numericCount, embeddingWidth }: EmbeddingsOptions, making: Making) {
    const { batchSize, Floats } = making
    this.#width = embeddingWidth
    this.#numericCount = numericCount
    this.outputs = categoryCounts.length * embeddingWidth + numericCount
    this.tables = categoryCounts.map((count) => {
      const table = uniform(count * embeddingWidth, 0.05, making)
      // No training row uses this row, so it stays 0: an unknown category says nothing.
      table.fill(0, UNKNOWN_CATEGORY * embeddingWidth, (UNKNOWN_CATEGORY + 1) * embeddingWidth)
      return table
    })
    this.#entries = categoryCounts.map((count) => ({
      indices: new Int32Array(batchSize),
      values: new Floats(batchSize * embeddingWidth),
      places: new Int32Array(count).fill(NO_PLACE),
    }))
  }

  /** Fills `output` with `outputs` numbers for each of the named rows of `data`. */
  forward(data: Dataset, rows: Int32Array, output: FloatArray): void {
    const width = this.#width
    const numericCount = this.#numericCount
    const columns = this.tables.length
    let position = 0
    for (let row = 0; row < rows.length; row++) {
      for (let column = 0; column < columns; column++) {
        const table = this.tables[column]
        const start = data.categories[rows[row] * columns + column] * width
        for (let offset = 0; offset < width; offset++) output[position++] = table[start + offset]
      }
      const start = rows[row] * numericCount
      for (let offset = 0; offset < numericCount; offset++) output[position++] = data.numbers[start + offset]
    }
  }

  /**
   * The gradient of one table, given that of `forward`'s output for the same rows: one entry for each category among
   * them. The next call for the same column overwrites it.
   */
  backward(data: Dataset, rows: Int32Array, column: number, outputGradient: FloatArray): EmbeddingGradient {
    const width = this.#width
    const columns = this.tables.length
    const { indices, values, places } = this.#entries[column]
    let count = 0
    for (let row = 0; row < rows.length; row++) {
      const category = data.categories[rows[row] * columns + column]
      if (places[category] === NO_PLACE) {
        indices[count] = category
        values.fill(0, count * width, (count + 1) * width)
        places[category] = count++
      }
      const to = places[category] * width
      const from = row * this.outputs + column * width
      for (let offset = 0; offset < width; offset++) values[to + offset] += outputGradient[from + offset]
    }
    for (let entry = 0; entry < count; entry++) places[indices[entry]] = NO_PLACE
    return { indices: indices.subarray(0, count), values: values.subarray(0, count * width) }
  }
}
