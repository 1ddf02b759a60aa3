import { ClippyAdagrad } from 'clippy-adagrad'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Dataset } from '../examples/adult/data.ts'
import type { FloatArray, FloatArrayConstructor } from '../examples/adult/dense.ts'
import { Model } from '../examples/adult/model.ts'
import { seededRandom } from '../examples/adult/random.ts'

const test = suite('adult: model')

const CATEGORY_COUNTS = [4, 3, 5]
const NUMERIC_COUNT = 2
const EMBEDDING_WIDTH = 3
const HIDDEN = [7, 5]
const ROWS = 9

function createModel(seed: number, Floats?: FloatArrayConstructor): Model {
  const random = seededRandom(seed)
  const model = new Model({
    categoryCounts: CATEGORY_COUNTS,
    numericCount: NUMERIC_COUNT,
    embeddingWidth: EMBEDDING_WIDTH,
    hidden: HIDDEN,
    batchSize: ROWS,
    random,
    ...(Floats && { Floats }),
  })
  // Biases and unknown categories begin at 0, where a wrong formula could still look right.
  for (const variable of model.variables) {
    for (let index = 0; index < variable.length; index++) variable[index] += random() - 0.5
  }
  return model
}

function createData(seed: number): Dataset {
  const random = seededRandom(seed)
  return {
    length: 20,
    numbers: Float32Array.from({ length: 20 * NUMERIC_COUNT }, () => 2 * random() - 1),
    categories: Int32Array.from({ length: 20 * CATEGORY_COUNTS.length }, (_, index) =>
      Math.floor(random() * CATEGORY_COUNTS[index % CATEGORY_COUNTS.length]),
    ),
    labels: Uint8Array.from({ length: 20 }, () => Math.round(random())),
  }
}

/** Rows out of order, one of them twice. */
const BATCH = Int32Array.of(3, 19, 0, 7, 7, 12, 1, 15, 4)

/** The largest difference of any derivative from its central difference; `change` may spoil the gradients first. */
function largestError(seed: number, change = (_gradients: readonly FloatArray[]): void => {}): number {
  const model = createModel(seed, Float64Array)
  const data = createData(seed + 1000)
  model.lossAndGradients(data, BATCH)
  change(model.gradients)
  const gradients = model.gradients.map((gradient) => gradient.slice())
  const distance = 1e-5
  let largest = 0
  model.variables.forEach((variable, which) => {
    for (let index = 0; index < variable.length; index++) {
      const value = variable[index]
      variable[index] = value + distance
      const above = model.lossAndGradients(data, BATCH)
      variable[index] = value - distance
      const below = model.lossAndGradients(data, BATCH)
      variable[index] = value
      largest = Math.max(largest, Math.abs((above - below) / (2 * distance) - gradients[which][index]))
    }
  })
  return largest
}

// Rounding gives the difference quotient an error of about 1e-16 / 1e-5, its third derivative about 1e-10. These seeds have
// no unit that changes between on and off within the distance.
const TOLERANCE = 1e-9
const SEEDS = [1, 2, 3, 4, 5]

test('every derivative agrees with the central difference', () => {
  for (const seed of SEEDS) {
    const error = largestError(seed)
    assert.ok(error < TOLERANCE, `seed ${seed}: ${error}`)
  }
})

test('the check notices any single array of gradients that is off by a thousandth', () => {
  const count = createModel(1).gradients.length
  for (let which = 0; which < count; which++) {
    const error = largestError(1, (gradients) => {
      const gradient = gradients[which]
      for (let index = 0; index < gradient.length; index++) gradient[index] *= 1.001
    })
    assert.ok(error > 10 * TOLERANCE, `array ${which}: ${error}`)
  }
})

test('the ReLU units of the checked models are partly on and partly off', () => {
  // Otherwise the check would never see a derivative through a unit that is off, or on.
  for (const seed of SEEDS) {
    const model = createModel(seed, Float64Array)
    model.lossAndGradients(createData(seed + 1000), BATCH)
    const firstBias = model.gradients[CATEGORY_COUNTS.length + 1]
    assert.ok(firstBias.some((value) => value !== 0))
  }
  const zeros = SEEDS.flatMap((seed) => {
    const model = createModel(seed, Float64Array)
    model.lossAndGradients(createData(seed + 1000), BATCH.subarray(0, 1))
    return [...model.gradients[CATEGORY_COUNTS.length + 1]]
  }).filter((value) => value === 0)
  assert.ok(zeros.length > 5, `${zeros.length} units off`)
})

test('float32 gradients agree with float64 gradients to float32 precision', () => {
  for (const seed of SEEDS) {
    const single = createModel(seed)
    const double = createModel(seed, Float64Array)
    single.variables.forEach((variable, which) => {
      double.variables[which].set(variable)
    })
    const data = createData(seed + 1000)
    const losses = [single, double].map((model) => model.lossAndGradients(data, BATCH))
    assert.ok(Math.abs(losses[0] - losses[1]) < 1e-6)
    single.gradients.forEach((gradient, which) => {
      gradient.forEach((value, index) => {
        assert.ok(Math.abs(value - double.gradients[which][index]) < 1e-6)
      })
    })
  }
})

test('the gradient of an embedding is the same by rows and as a whole table', () => {
  const model = createModel(1)
  const data = createData(1001)
  model.lossAndGradients(data, BATCH)
  CATEGORY_COUNTS.forEach((count, column) => {
    const { indices, values } = model.embeddingGradient(data, BATCH, column)
    const categories = Array.from(BATCH, (row) => data.categories[row * CATEGORY_COUNTS.length + column])
    assert.equal([...indices], [...new Set(categories)])
    const table = new Float32Array(count * EMBEDDING_WIDTH)
    values.forEach((value, position) => {
      const row = indices[Math.floor(position / EMBEDDING_WIDTH)]
      table[row * EMBEDDING_WIDTH + (position % EMBEDDING_WIDTH)] += value
    })
    assert.equal(table, model.gradients[column])
  })
})

test('sparse gradients stand in the order of the variables, and only those of the tables are by row', () => {
  const model = createModel(1)
  const data = createData(1001)
  model.lossAndGradients(data, BATCH)
  const gradients = model.sparseGradients(data, BATCH)
  assert.is(gradients.length, model.variables.length)
  gradients.forEach((gradient, index) => {
    if (index >= CATEGORY_COUNTS.length) assert.is(gradient, model.gradients[index])
    else assert.equal(gradient, model.embeddingGradient(data, BATCH, index))
  })
})

test('one step moves every variable alike with sparse and with dense gradients', () => {
  const data = createData(1001)
  const [sparse, dense] = [createModel(1), createModel(1)]
  for (const model of [sparse, dense]) {
    const optimizer = new ClippyAdagrad({ learningRate: 1, variableRelativeThreshold: 0.5, absoluteThreshold: 0.01 })
    for (const rows of [BATCH, BATCH.subarray(2, 5)]) {
      model.loss(data, rows)
      model.backward(rows)
      const gradients = model === sparse ? model.sparseGradients(data, rows) : model.denseGradients(data, rows)
      optimizer.applyGradients(model.variables.map((variable, index) => [gradients[index], variable]))
    }
  }
  // A row that no entry names has a gradient of 0, so the factor is the same; rows are summed in the same order.
  assert.equal(sparse.variables, dense.variables)
})

test('a batch does not depend on the batch before it', () => {
  const data = createData(1001)
  const fresh = createModel(1)
  const used = createModel(1)
  used.lossAndGradients(data, BATCH)
  const short = BATCH.subarray(2, 5)
  assert.is(used.lossAndGradients(data, short), fresh.lossAndGradients(data, short))
  assert.equal(used.gradients, fresh.gradients)
  assert.equal(used.sparseGradients(data, short), fresh.sparseGradients(data, short))
})

test('biases and unknown categories begin at zero, and everything else does not', () => {
  const model = new Model({
    categoryCounts: CATEGORY_COUNTS,
    numericCount: NUMERIC_COUNT,
    embeddingWidth: EMBEDDING_WIDTH,
    hidden: HIDDEN,
    batchSize: ROWS,
    random: seededRandom(1),
  })
  const tables = model.variables.slice(0, CATEGORY_COUNTS.length)
  for (const table of tables) {
    assert.ok(table.every((value, index) => (value === 0) === index < EMBEDDING_WIDTH))
  }
  const layers = model.variables.slice(CATEGORY_COUNTS.length)
  layers.forEach((variable, index) => {
    assert.ok(variable.every((value) => (value === 0) === (index % 2 === 1)))
  })
})

test('a NaN weight gives a NaN loss instead of hiding behind a ReLU', () => {
  const model = createModel(1)
  model.variables[CATEGORY_COUNTS.length][0] = Number.NaN
  assert.ok(Number.isNaN(model.lossAndGradients(createData(1001), BATCH)))
})

test.run()
