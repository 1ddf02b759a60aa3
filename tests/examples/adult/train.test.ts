import { ClippyAdagrad } from 'clippy-adagrad'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Dataset, encode, fitEncoder } from '../../../examples/adult/data.ts'
import { METHODS, runExperiment } from '../../../examples/adult/experiment.ts'
import { loadAdult } from '../../../examples/adult/load.ts'
import type { Model } from '../../../examples/adult/model.ts'
import { plainModel } from '../../../examples/adult/models/plain.ts'
import { seededRandom } from '../../../examples/adult/random.ts'
import { batchCount, predict, train } from '../../../examples/adult/train.ts'

const test = suite('adult: train')

const BATCH_SIZE = 8

/** The label says whether the one number is above 0. */
function createData(length: number): Dataset {
  const random = seededRandom(3)
  const numbers = Float32Array.from({ length }, () => 2 * random() - 1)
  return {
    length,
    numbers,
    categories: new Int32Array(length),
    labels: [Uint8Array.from(numbers, (x) => (x > 0 ? 1 : 0))],
  }
}

function createModel(): Model {
  const random = seededRandom(4)
  const sizes = { categoryCounts: [1], numericCount: 1, embeddingWidth: 1, hidden: [4] }
  return plainModel({ ...sizes, batchSize: BATCH_SIZE, random })
}

/** Counts the steps and does to the model what it is told to. */
class FakeOptimizer {
  steps = 0
  clippingFactors: number[] = []
  readonly #afterStep: (step: number) => void

  constructor(afterStep: (step: number) => void) {
    this.#afterStep = afterStep
  }

  applyGradients(): number {
    this.steps++
    this.clippingFactors = [1, 1 / this.steps, 1]
    this.#afterStep(this.steps)
    return this.steps
  }
}

test('ClippyAdagrad learns a rule that one number decides', () => {
  const data = createData(400)
  const model = createModel()
  const optimizer = new ClippyAdagrad({
    learningRate: 1,
    variableRelativeThreshold: 0.1,
    absoluteThreshold: 0.01,
    exportClippingFactors: true,
  })
  const run = train({ model, data, optimizer, epochs: 10, batchSize: BATCH_SIZE, random: seededRandom(5) })
  assert.is(run.losses.length, 500)
  assert.is(run.breakdown, undefined)
  assert.ok(run.smallestFactor > 0 && run.smallestFactor < 1)
  const [logits] = predict(model, data, BATCH_SIZE)
  const correct = logits.filter((logit, row) => logit > 0 === (data.labels[0][row] === 1))
  assert.ok(correct.length > 380, `${correct.length} of 400`)
})

test('every epoch takes every batch, the last one short, and tells its loss', () => {
  const losses: number[] = []
  const optimizer = new FakeOptimizer(() => {})
  const data = createData(3 * BATCH_SIZE + 1)
  const run = train({
    model: createModel(),
    data,
    optimizer,
    epochs: 2,
    batchSize: BATCH_SIZE,
    random: seededRandom(5),
    onBatch: (loss) => losses.push(loss),
  })
  assert.is(batchCount(data.length, BATCH_SIZE, 2), 8)
  assert.is(optimizer.steps, 8)
  assert.equal(losses, run.losses)
  assert.is(losses.length, 8)
  assert.is(run.smallestFactor, 1 / 8)
})

test('a loss that is not finite ends training and is reported', () => {
  const model = createModel()
  const optimizer = new FakeOptimizer((step) => {
    if (step === 3) model.variables[model.variables.length - 1][0] = Number.NaN
  })
  const data = createData(100)
  const run = train({ model, data, optimizer, epochs: 1, batchSize: BATCH_SIZE, random: seededRandom(5) })
  assert.is(run.breakdown, 'loss not finite in batch 4')
  assert.is(run.losses.length, 4)
  assert.is(optimizer.steps, 3)
})

test('a gradient that is not finite ends training although the loss is finite', () => {
  const model = createModel()
  const [, hiddenWeights, , outputWeights] = model.variables
  const data = createData(100)
  // The hidden units stay small, but what comes back through these weights overflows float32.
  hiddenWeights.fill(1e-38)
  outputWeights.fill(3e38)
  data.numbers.fill(1e10)
  const optimizer = new FakeOptimizer(() => {})
  const run = train({ model, data, optimizer, epochs: 1, batchSize: BATCH_SIZE, random: seededRandom(5) })
  assert.is(run.breakdown, 'gradient not finite in batch 1')
  assert.ok(Number.isFinite(run.losses[0]))
  assert.is(optimizer.steps, 0)
})

test('on the census data ClippyAdagrad learns at a learning rate where Adagrad breaks', () => {
  const rows = loadAdult()
  const some = rows.training.slice(0, 6000)
  const encoder = fitEncoder(some)
  const data = {
    training: encode(some, encoder),
    test: encode(rows.test.slice(0, 2000), encoder),
    categoryCounts: encoder.categoryCounts,
  }
  const [adagrad, clippy] = METHODS.map((method) => runExperiment({ ...data, method, learningRate: 10, epochs: 2 }))
  const [areaOfAdagrad, areaOfClippy] = [adagrad, clippy].map(({ scores }) => scores[0].areaUnderCurve)
  assert.ok(areaOfAdagrad < 0.6, `Adagrad ${areaOfAdagrad}`)
  assert.ok(areaOfClippy > 0.85, `Clippy ${areaOfClippy}`)
  assert.is(adagrad.losses[0], clippy.losses[0])
  assert.is(adagrad.smallestFactor, 1)
  assert.ok(clippy.smallestFactor < 0.1)
  const again = runExperiment({ ...data, method: 'ClippyAdagrad', learningRate: 10, epochs: 2 })
  assert.equal({ ...again, seconds: 0 }, { ...clippy, seconds: 0 })
})

test.run()
