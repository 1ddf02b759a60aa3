import { ClippyAdagrad, Variable } from 'clippy-adagrad'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ONE_TASK } from '../../../examples/adult/columns.ts'
import { encode, fitEncoder } from '../../../examples/adult/data.ts'
import { loadAdult } from '../../../examples/adult/load.ts'
import { plainModel } from '../../../examples/adult/models/plain.ts'
import { seededRandom } from '../../../examples/adult/random.ts'

const test = suite('adult: explain')

/** The demo's model, named, and the gradients of its first batch, one by row for each embedding table. */
function firstBatch() {
  const { training } = loadAdult()
  const encoder = fitEncoder(training)
  const data = encode(training.slice(0, 256), encoder)
  const { categoryCounts } = encoder
  const model = plainModel({ categoryCounts, numericCount: ONE_TASK.numeric.length, random: seededRandom(1) })
  const rows = Int32Array.from({ length: data.length }, (_, row) => row)
  model.loss(data, rows)
  model.backward(rows)
  const gradients = model.sparseGradients(data, rows)
  const tables = encoder.categoryCounts.length
  const nameOf = (index: number): string =>
    index < tables ? `table ${index}` : `${(index - tables) % 2 === 0 ? 'weights' : 'bias'} ${(index - tables) >> 1}`
  return model.variables.map((value, index) => {
    const shape = index < tables ? [value.length / 8, 8] : [value.length]
    return [gradients[index], new Variable(value, { name: nameOf(index), shape })] as const
  })
}

test('with the default thresholds, explain points at the zero biases', () => {
  const explanations = new ClippyAdagrad({ learningRate: 1 }).explain(firstBatch())
  const biases = explanations.filter(({ name }) => name.startsWith('bias'))
  assert.equal(
    biases.map(({ name }) => name),
    ['bias 0', 'bias 1', 'bias 2'],
  )
  for (const { name, factor, limiting, shareOverBound } of biases) {
    if (limiting === undefined) throw new Error(`${name}: nothing limits it`)
    assert.is(limiting.value, 0, name)
    assert.ok(limiting.bound <= 1e-7 && limiting.bound > 0.999e-7, `${name}: ${limiting.bound}`)
    assert.ok(Math.abs(limiting.proposedChange) > 1e-4, `${name}: ${limiting.proposedChange}`)
    assert.ok(factor < 1e-3, `${name}: ${factor}`)
    assert.ok(shareOverBound > 0.5, `${name}: ${shareOverBound}`)
  }
})

test("with the demo's thresholds no bias is frozen", () => {
  const options = { learningRate: 1, variableRelativeThreshold: 0.1, absoluteThreshold: 0.01 }
  for (const { name, factor } of new ClippyAdagrad(options).explain(firstBatch())) {
    assert.ok(factor > 0.01, `${name}: ${factor}`)
  }
})

test.run()
