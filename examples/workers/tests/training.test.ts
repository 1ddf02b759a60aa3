import { ClippyAdagrad } from 'clippy-adagrad'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { encode, fitEncoder } from '../../adult/data.ts'
import { loadAdult } from '../../adult/load.ts'
import { seededRandom } from '../../adult/random.ts'
import { train } from '../../adult/train.ts'
import { BATCH_SIZE, makeModel, OPTIONS, type Problem, testAuc } from '../training/problem.ts'
import { type Training, trainOnThreads } from '../training/train-on-threads.ts'
import { sameBits } from './support.ts'

const test = suite('workers: training')

/** Not a multiple of the batch size: the last batch is a short one. */
const ROWS = 3000
const EPOCHS = 2

function smallProblem(): Problem {
  const rows = loadAdult()
  const training = rows.training.slice(0, ROWS)
  const encoder = fitEncoder(training)
  const test = encode(rows.test.slice(0, ROWS), encoder)
  return { training: encode(training, encoder), test, categoryCounts: encoder.categoryCounts }
}

const problem = smallProblem()

function sameTraining(actual: Training, expected: Training): void {
  assert.equal(actual.losses, expected.losses)
  actual.weights.forEach((weights, k) => {
    sameBits(weights, expected.weights[k], `weights ${k}`)
    sameBits(actual.accumulators[k], expected.accumulators[k], `accumulators ${k}`)
  })
}

test('one thread gives the bits of the demo', async () => {
  const random = seededRandom(1)
  const model = makeModel(problem.categoryCounts, random)
  const optimizer = new ClippyAdagrad({ ...OPTIONS, exportClippingFactors: true })
  train({ model, data: problem.training, optimizer, epochs: EPOCHS, batchSize: BATCH_SIZE, random })
  const { weights, areaUnderCurve } = await trainOnThreads(problem, 1, EPOCHS)
  model.variables.forEach((variable, k) => {
    sameBits(weights[k].slice(), variable, `variable ${k}`)
  })
  assert.is(areaUnderCurve, testAuc(model, problem))
})

for (const threads of [2, 3]) {
  test(`${threads} threads give the same bits in every run, and learn what one learns`, async () => {
    const [first, second] = [
      await trainOnThreads(problem, threads, EPOCHS),
      await trainOnThreads(problem, threads, EPOCHS),
    ]
    sameTraining(first, second)
    const alone = await trainOnThreads(problem, 1, EPOCHS)
    assert.ok(Math.abs(first.areaUnderCurve - alone.areaUnderCurve) < 1e-3)
    first.losses.forEach((loss, epoch) => {
      assert.ok(Math.abs(loss - alone.losses[epoch]) < 1e-3)
    })
  })
}

test.run()
