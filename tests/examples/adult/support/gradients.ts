import type { Dataset } from '../../../../examples/adult/data.ts'
import type { Model } from '../../../../examples/adult/model.ts'
import { seededRandom } from '../../../../examples/adult/random.ts'

export const CATEGORY_COUNTS = [4, 3, 5]
export const NUMERIC_COUNT = 2
export const EMBEDDING_WIDTH = 3
/** Rows out of order, one of them twice. */
export const BATCH = Int32Array.of(3, 19, 0, 7, 7, 12, 1, 15, 4)

export const SIZES = {
  categoryCounts: CATEGORY_COUNTS,
  numericCount: NUMERIC_COUNT,
  embeddingWidth: EMBEDDING_WIDTH,
  batchSize: BATCH.length,
}

/** Biases and unknown categories begin at 0, where a wrong formula could still look right. */
export function disturb(model: Model, random: () => number): Model {
  for (const variable of model.variables) {
    for (let index = 0; index < variable.length; index++) variable[index] += random() - 0.5
  }
  return model
}

/** Twenty rows with two labels each. */
export function createData(seed: number): Dataset {
  const random = seededRandom(seed)
  const labels = () => Uint8Array.from({ length: 20 }, () => Math.round(random()))
  return {
    length: 20,
    numbers: Float32Array.from({ length: 20 * NUMERIC_COUNT }, () => 2 * random() - 1),
    categories: Int32Array.from({ length: 20 * CATEGORY_COUNTS.length }, (_, index) =>
      Math.floor(random() * CATEGORY_COUNTS[index % CATEGORY_COUNTS.length]),
    ),
    labels: [labels(), labels()],
  }
}

/** The gradients of a batch as the model works them out, each as long as its variable. */
export function gradientsOf(model: Model, data: Dataset, rows = BATCH): number[][] {
  model.loss(data, rows)
  model.backward(rows)
  return model.denseGradients(data, rows).map((gradient) => [...gradient])
}

/** The same from differences of the loss alone. The model computes in float64. */
export function centralDifferences(model: Model, data: Dataset): number[][] {
  const distance = 1e-5
  return model.variables.map((variable) =>
    Array.from(variable, (value, index) => {
      variable[index] = value + distance
      const above = model.loss(data, BATCH)
      variable[index] = value - distance
      const below = model.loss(data, BATCH)
      variable[index] = value
      return (above - below) / (2 * distance)
    }),
  )
}

/** The largest difference between the two, in each variable. */
export function largestErrors(gradients: readonly number[][], differences: readonly number[][]): number[] {
  return gradients.map((gradient, which) =>
    Math.max(...gradient.map((value, index) => Math.abs(value - differences[which][index]))),
  )
}
