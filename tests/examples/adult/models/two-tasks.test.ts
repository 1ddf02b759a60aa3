import { ClippyAdagrad } from 'clippy-adagrad'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { meanLogLoss } from '../../../../examples/adult/metrics.ts'
import type { Model } from '../../../../examples/adult/model.ts'
import { mixtureOfExperts, sharedBottom, type TowerOptions } from '../../../../examples/adult/models/two-tasks.ts'
import { seededRandom } from '../../../../examples/adult/random.ts'
import { predict, train } from '../../../../examples/adult/train.ts'
import { BATCH, createData, disturb, gradientsOf, SIZES } from '../support/gradients.ts'

const test = suite('adult: two tasks')

const FAMILIES = { sharedBottom, mixtureOfExperts }
type Family = (options: TowerOptions) => Model

function create(family: Family, towers: readonly (number | undefined)[], random = seededRandom(1)): Model {
  return family({ ...SIZES, random, towers })
}

for (const [name, family] of Object.entries(FAMILIES)) {
  test(`${name}: the loss is the sum of the losses of the tasks, each by its own labels`, () => {
    const model = disturb(create(family, [1, 0]), seededRandom(2))
    const data = createData(7)
    const logits = predict(model, data, BATCH.length)
    const all = Int32Array.from({ length: 9 }, (_, row) => row)
    const expected = [1, 0].map((label, task) => meanLogLoss(logits[task].subarray(0, 9), data.labels[label]))
    assert.ok(Math.abs(model.loss(data, all) - (expected[0] + expected[1])) < 1e-6)
  })

  test(`${name}: a tower that is left out changes neither the weights of the rest nor the random numbers after them`, () => {
    const randoms = [1, 1, 1].map(seededRandom)
    const [both, first, second] = [
      [0, 1],
      [0, undefined],
      [undefined, 1],
    ].map((towers, index) => create(family, towers, randoms[index]))
    const weights = (model: Model) => new Map(model.parameters.map(({ name, value }) => [name, value]))
    const all = weights(both)
    for (const [model, dropped] of [
      [first, 'task 2,'],
      [second, 'task 1,'],
    ] as const) {
      const own = weights(model)
      assert.equal(
        [...own.keys()],
        [...all.keys()].filter((key) => !key.startsWith(dropped)),
      )
      for (const [key, value] of own) assert.equal(value, all.get(key), key)
      assert.equal(model.variables.slice(0, 3), both.variables.slice(0, 3), 'tables')
    }
    assert.is(new Set(randoms.map((random) => random())).size, 1)
  })

  test(`${name}: a task alone has the logits that it has beside the other at first`, () => {
    const data = createData(7)
    const [both, second] = [create(family, [0, 1]), create(family, [undefined, 1])]
    assert.equal(predict(second, data, BATCH.length)[0], predict(both, data, BATCH.length)[1])
  })

  test(`${name}: the gradient of what the tasks share is the sum of those of the tasks alone`, () => {
    const data = createData(7)
    const [both, first, second] = [
      [0, 1],
      [0, undefined],
      [undefined, 1],
    ].map((towers) => family({ ...SIZES, random: seededRandom(1), Floats: Float64Array, towers }))
    const [sum, one, other] = [both, first, second].map((model) => gradientsOf(model, data))
    const shared = 3 + both.parameters.filter(({ name }) => /^(shared|expert) /.test(name)).length
    for (let which = 0; which < shared; which++) {
      sum[which].forEach((value, i) => {
        assert.ok(Math.abs(value - (one[which][i] + other[which][i])) < 1e-12, `array ${which}, ${i}`)
      })
    }
  })

  test(`${name}: both tasks are learned`, () => {
    const random = seededRandom(3)
    const numbers = Float32Array.from({ length: 800 }, () => 2 * random() - 1)
    const labels = [0, 1].map((k) => Uint8Array.from({ length: 400 }, (_, row) => (numbers[2 * row + k] > 0 ? 1 : 0)))
    const data = { length: 400, numbers, categories: new Int32Array(1200), labels }
    const model = create(family, [0, 1])
    const optimizer = new ClippyAdagrad({ learningRate: 1, absoluteThreshold: 0.01, exportClippingFactors: true })
    train({ model, data, optimizer, epochs: 10, batchSize: BATCH.length, random })
    predict(model, data, BATCH.length).forEach((logits, task) => {
      const correct = logits.filter((logit, row) => logit > 0 === (labels[task][row] === 1)).length
      assert.ok(correct > 380, `task ${task}: ${correct} of 400`)
    })
  })
}

test.run()
