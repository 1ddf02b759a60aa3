import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { deepModel } from '../../../../examples/adult/models/deep.ts'
import { seededRandom } from '../../../../examples/adult/random.ts'

const test = suite('adult: deep model')

test('the cross layer multiplies the input by its projection and adds the input', () => {
  // One number, no categories, no ReLU layer: logit = v · (x · (W · x + b) + x) + c.
  const model = deepModel({
    categoryCounts: [],
    numericCount: 1,
    hidden: [],
    batchSize: 2,
    random: seededRandom(1),
    Floats: Float64Array,
  })
  for (const [which, value] of [2, 0.5, 3, 1].entries()) model.variables[which][0] = value
  const numbers = Float32Array.of(1.5, -1)
  const data = { length: 2, numbers, categories: new Int32Array(0), labels: [Uint8Array.of(0, 1)] }
  // x = 1.5: 3 · (1.5 · 3.5 + 1.5) + 1; x = −1: 3 · (−1 · −1.5 − 1) + 1.
  assert.equal([...model.logits(data, Int32Array.of(0, 1))], [21.25, 2.5])
})

test.run()
