import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { DeepModel } from '../bench/stability/training/deep-model.ts'
import { multiply } from '../bench/stability/training/multiply.ts'
import type { Dataset } from '../examples/adult/data.ts'
import type { FloatArray, FloatArrayConstructor } from '../examples/adult/dense.ts'
import type { EmbeddingGradient } from '../examples/adult/embeddings.ts'
import { seededRandom } from '../examples/adult/random.ts'

const test = suite('stability: deep model')

const CATEGORY_COUNTS = [4, 3]
const SIZES = { categoryCounts: CATEGORY_COUNTS, numericCount: 2, embeddingWidth: 3, hidden: [7, 6, 5, 5] }
const BATCH = Int32Array.of(3, 9, 0, 7, 7, 2, 1, 5, 4)

function createModel(seed: number, Floats: FloatArrayConstructor): DeepModel {
  const random = seededRandom(seed)
  const model = new DeepModel({ ...SIZES, batchSize: BATCH.length, random, Floats })
  // Biases and unknown categories begin at 0, where a wrong formula could still look right.
  for (const variable of model.variables) {
    for (let index = 0; index < variable.length; index++) variable[index] += (random() - 0.5) / 2
  }
  return model
}

function createData(seed: number): Dataset {
  const random = seededRandom(seed)
  return {
    length: 10,
    numbers: Float32Array.from({ length: 20 }, () => 2 * random() - 1),
    categories: Int32Array.from({ length: 20 }, (_, index) => Math.floor(random() * CATEGORY_COUNTS[index % 2])),
    labels: Uint8Array.from({ length: 10 }, () => Math.round(random())),
  }
}

/** The gradient as an array of the variable's length. */
function whole(gradient: FloatArray | EmbeddingGradient, variable: FloatArray): number[] {
  if (!('indices' in gradient)) return [...gradient]
  const width = SIZES.embeddingWidth
  const table = new Array<number>(variable.length).fill(0)
  gradient.indices.forEach((row, entry) => {
    for (let k = 0; k < width; k++) table[row * width + k] += gradient.values[entry * width + k]
  })
  return table
}

function gradientsOf(model: DeepModel, data: Dataset): number[][] {
  model.loss(data, BATCH)
  model.backward(BATCH)
  const gradients = model.sparseGradients(data, BATCH)
  return model.variables.map((variable, which) => whole(gradients[which], variable))
}

function centralDifferences(model: DeepModel, data: Dataset): number[][] {
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

test('every derivative agrees with the central difference', () => {
  // Rounding gives the quotient an error of about 1e-16 / 1e-5. No unit of these seeds changes between on and off within it.
  for (const seed of [1, 2, 3]) {
    const model = createModel(seed, Float64Array)
    const data = createData(seed + 100)
    const gradients = gradientsOf(model, data)
    centralDifferences(model, data).forEach((differences, which) => {
      assert.ok(
        gradients[which].some((value) => Math.abs(value) > 1e-4),
        `seed ${seed}: nothing to see in array ${which}`,
      )
      differences.forEach((difference, index) => {
        const error = Math.abs(difference - gradients[which][index])
        assert.ok(error < 1e-9, `seed ${seed}, array ${which}, ${index}: off by ${error}`)
      })
    })
  }
})

test('float32 gradients agree with float64 gradients to float32 precision', () => {
  const single = createModel(1, Float32Array)
  const double = createModel(1, Float64Array)
  single.variables.forEach((variable, which) => {
    double.variables[which].set(variable)
  })
  const data = createData(101)
  const expected = gradientsOf(double, data)
  gradientsOf(single, data).forEach((gradient, which) => {
    gradient.forEach((value, index) => {
      assert.ok(Math.abs(value - expected[which][index]) < 1e-6)
    })
  })
})

test('the cross layer multiplies the input by its projection and adds the input', () => {
  // One number, no categories, no ReLU layer: logit = v · (x · (W · x + b) + x) + c.
  const model = new DeepModel({
    categoryCounts: [],
    numericCount: 1,
    embeddingWidth: 1,
    hidden: [],
    batchSize: 2,
    random: seededRandom(1),
    Floats: Float64Array,
  })
  for (const [which, value] of [2, 0.5, 3, 1].entries()) model.variables[which][0] = value
  const numbers = Float32Array.of(1.5, -1)
  const data = { length: 2, numbers, categories: new Int32Array(0), labels: Uint8Array.of(0, 1) }
  // x = 1.5: 3 · (1.5 · 3.5 + 1.5) + 1; x = −1: 3 · (−1 · −1.5 − 1) + 1.
  assert.equal([...model.logits(data, Int32Array.of(0, 1))], [21.25, 2.5])
})

test('a NaN weight gives a NaN loss instead of hiding behind a ReLU', () => {
  const model = createModel(1, Float32Array)
  model.variables[CATEGORY_COUNTS.length + 2][0] = Number.NaN
  assert.ok(Number.isNaN(model.loss(createData(101), BATCH)))
})

test('a product is right for every remainder of the block, transposed or not', () => {
  const random = seededRandom(1)
  // Small whole numbers, so that sums are exact in any order.
  const whole = (length: number) => Float32Array.from({ length }, () => Math.floor(random() * 9) - 4)
  for (let rows = 1; rows <= 9; rows++) {
    for (let columns = 1; columns <= 5; columns++) {
      const inner = 1 + ((rows + columns) % 4)
      const [a, b] = [whole(rows * inner), whole(inner * columns)]
      const expected = Array.from({ length: rows * columns }, (_, at) => {
        const [row, column] = [Math.floor(at / columns), at % columns]
        return Array.from({ length: inner }, (_, k) => a[row * inner + k] * b[k * columns + column]).reduce(
          (sum, term) => sum + term,
        )
      })
      const aTransposed = Float32Array.from(a, (_, at) => a[(at % rows) * inner + Math.floor(at / rows)])
      const bTransposed = Float32Array.from(b, (_, at) => b[(at % inner) * columns + Math.floor(at / inner)])
      for (const left of [
        { values: a, rowStride: inner, columnStride: 1 },
        { values: aTransposed, rowStride: 1, columnStride: rows },
      ]) {
        for (const right of [
          { values: b, rowStride: columns, columnStride: 1 },
          { values: bTransposed, rowStride: 1, columnStride: inner },
        ]) {
          const product = new Float32Array(rows * columns)
          multiply(left, right, product, { rows, inner, columns })
          assert.equal([...product], expected, `${rows} × ${inner} × ${columns}`)
        }
      }
    }
  }
})

test.run()
