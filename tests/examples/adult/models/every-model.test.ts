import { ClippyAdagrad } from 'clippy-adagrad'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { FloatArrayConstructor } from '../../../../examples/adult/layers/layer.ts'
import type { Model } from '../../../../examples/adult/model.ts'
import { deepModel } from '../../../../examples/adult/models/deep.ts'
import type { ModelOptions } from '../../../../examples/adult/models/options.ts'
import { plainModel } from '../../../../examples/adult/models/plain.ts'
import { mixtureOfExperts, sharedBottom } from '../../../../examples/adult/models/two-tasks.ts'
import { seededRandom } from '../../../../examples/adult/random.ts'
import {
  BATCH,
  CATEGORY_COUNTS,
  centralDifferences,
  createData,
  disturb,
  EMBEDDING_WIDTH,
  gradientsOf,
  largestErrors,
  SIZES,
} from '../support/gradients.ts'

/** What holds for each of the models, at a size at which every derivative can be checked. */
const test = suite('adult: every model')

const MODELS: Record<string, (options: ModelOptions) => Model> = {
  plain: (options) => plainModel({ ...options, hidden: [7, 5] }),
  deep: (options) => deepModel({ ...options, hidden: [7, 6, 5, 5] }),
  'shared bottom': (options) => sharedBottom({ ...options, shared: [7, 5], hidden: [4] }),
  'shared bottom, one tower': (options) =>
    sharedBottom({ ...options, shared: [7, 5], hidden: [4], towers: [undefined, 1] }),
  'shared bottom, one task twice': (options) =>
    sharedBottom({ ...options, shared: [7, 5], hidden: [4], towers: [0, 0] }),
  experts: (options) => mixtureOfExperts({ ...options, shared: [5], hidden: [4], experts: 3 }),
  'experts, one tower': (options) =>
    mixtureOfExperts({ ...options, shared: [5], hidden: [4], experts: 3, towers: [undefined, 1] }),
}

function fresh(name: string, seed: number, Floats: FloatArrayConstructor): Model {
  return MODELS[name]({ ...SIZES, random: seededRandom(seed), Floats })
}

function create(name: string, seed: number, Floats: FloatArrayConstructor = Float32Array): Model {
  return disturb(fresh(name, seed, Floats), seededRandom(seed + 50))
}

// Rounding gives the difference quotient an error of about 1e-16 / 1e-5, its third derivative about 1e-10. These seeds have
// no unit that changes between on and off within the distance.
const TOLERANCE = 1e-9
const SEEDS = [1, 2, 3]

for (const name of Object.keys(MODELS)) {
  test(`${name}: every derivative agrees with the central difference`, () => {
    for (const seed of SEEDS) {
      const model = create(name, seed, Float64Array)
      const data = createData(seed + 1000)
      const errors = largestErrors(gradientsOf(model, data), centralDifferences(model, data))
      assert.ok(Math.max(...errors) < TOLERANCE, `seed ${seed}: ${errors}`)
    }
  })

  test(`${name}: that check notices any single array of gradients that is off by a thousandth`, () => {
    const model = create(name, 1, Float64Array)
    const data = createData(1001)
    const gradients = gradientsOf(model, data)
    const wrong = gradients.map((gradient) => gradient.map((value) => 1.001 * value))
    largestErrors(wrong, centralDifferences(model, data)).forEach((error, which) => {
      assert.ok(error > 10 * TOLERANCE, `array ${which}: ${error}`)
    })
  })

  test(`${name}: the ReLU units of the checked models are partly on and partly off`, () => {
    // Otherwise the check would never see a derivative through a unit that is off, or on.
    const outputs = SEEDS.flatMap((seed) => {
      const model = create(name, seed, Float64Array)
      model.loss(createData(seed + 1000), BATCH)
      return model.activations.flatMap(({ values }) => [...values])
    })
    const off = outputs.filter((value) => value === 0).length
    assert.ok(off > outputs.length / 10 && off < (9 * outputs.length) / 10, `${off} of ${outputs.length} off`)
  })

  test(`${name}: float32 gradients agree with float64 gradients to float32 precision`, () => {
    const single = create(name, 1)
    const double = create(name, 1, Float64Array)
    single.variables.forEach((variable, which) => {
      double.variables[which].set(variable)
    })
    const data = createData(1001)
    assert.ok(Math.abs(single.loss(data, BATCH) - double.loss(data, BATCH)) < 1e-6)
    const errors = largestErrors(gradientsOf(single, data), gradientsOf(double, data))
    assert.ok(Math.max(...errors) < 2e-6, String(errors))
  })

  test(`${name}: sparse gradients stand in the order of the variables, and only those of the tables are by row`, () => {
    const model = create(name, 1)
    const data = createData(1001)
    gradientsOf(model, data)
    model.sparseGradients(data, BATCH).forEach((gradient, index) => {
      if (index >= CATEGORY_COUNTS.length) {
        assert.is(gradient, model.parameters[index - CATEGORY_COUNTS.length].gradient)
        return
      }
      if (!('indices' in gradient)) throw new Error(`array ${index} is not by row`)
      const used = Array.from(BATCH, (row) => data.categories[row * CATEGORY_COUNTS.length + index])
      assert.equal([...gradient.indices], [...new Set(used)])
    })
  })

  test(`${name}: one step moves every variable alike with sparse and with dense gradients`, () => {
    const data = createData(1001)
    const [sparse, dense] = [create(name, 1), create(name, 1)]
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

  test(`${name}: a batch does not depend on the batch before it`, () => {
    const data = createData(1001)
    const [unused, used] = [create(name, 1), create(name, 1)]
    gradientsOf(used, data)
    const short = BATCH.subarray(2, 5)
    assert.is(used.loss(data, short), unused.loss(data, short))
    assert.equal(gradientsOf(used, data, short), gradientsOf(unused, data, short))
  })

  test(`${name}: biases and unknown categories begin at zero, and everything else does not`, () => {
    const model = fresh(name, 1, Float32Array)
    for (const table of model.variables.slice(0, CATEGORY_COUNTS.length)) {
      assert.ok(table.every((value, index) => (value === 0) === index < EMBEDDING_WIDTH))
    }
    for (const { name: parameter, value } of model.parameters) {
      assert.ok(
        value.every((weight) => (weight === 0) === parameter.endsWith('bias')),
        parameter,
      )
    }
  })

  test(`${name}: every parameter has a name of its own, and the shape of its array`, () => {
    const { parameters } = create(name, 1)
    assert.is(new Set(parameters.map((parameter) => parameter.name)).size, parameters.length)
    for (const { shape, value, gradient } of parameters) {
      assert.is(
        shape.reduce((size, extent) => size * extent),
        value.length,
      )
      assert.is(gradient.length, value.length)
    }
  })

  test(`${name}: a NaN weight gives a NaN loss instead of hiding behind a ReLU`, () => {
    const model = create(name, 1)
    model.parameters[0].value[0] = Number.NaN
    assert.ok(Number.isNaN(model.loss(createData(1001), BATCH)))
  })
}

test.run()
