import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Dense } from '../../../../examples/adult/layers/dense.ts'
import { seededRandom } from '../../../../examples/adult/random.ts'

const test = suite('adult: dense')

const making = { batchSize: 2, random: seededRandom(1), Floats: Float64Array }

test("first weights reach up to He's limit before a ReLU, and to Glorot's where none follows", () => {
  for (const [relu, limit] of [
    [true, Math.sqrt(6 / 50)],
    [false, Math.sqrt(6 / (50 + 70))],
  ] as const) {
    const [weights] = new Dense({ name: 'layer', inputs: 50, outputs: 70, relu }, making).parameters
    const largest = Math.max(...weights.value.map(Math.abs))
    assert.ok(largest <= limit && largest > 0.99 * limit, `${largest}, not ${limit}`)
  }
})

test.run()
