import { ClippyAdagrad } from 'clippy-adagrad'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { loadAdult } from '../../adult/load.ts'
import { seededRandom } from '../../adult/random.ts'
import { train } from '../../adult/train.ts'
import { BATCH_SIZE, encodeProblem, makeModel, OPTIONS, testAuc } from '../training/problem.ts'
import { type Training, trainOnThreads } from '../training/train-on-threads.ts'
import { refusalOf, sameBits } from './support.ts'

const test = suite('workers: training')

/** The last batch has two rows: fewer than threads. */
const ROWS = 11 * BATCH_SIZE + 2
const EPOCHS = 2

const rows = loadAdult()
const problem = encodeProblem({ training: rows.training.slice(0, ROWS), test: rows.test.slice(0, ROWS) })

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

for (const threads of [2, 3, 5]) {
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

test('a number that is not finite in the rows of one thread ends the training of all with the reason', async () => {
  const { training } = problem
  const numbers = training.numbers.slice()
  numbers[0] = Number.NaN
  const error = await refusalOf(trainOnThreads({ ...problem, training: { ...training, numbers } }, 3, 1))
  assert.instance(error, RangeError)
  assert.match(error.message, /NaN; expected a finite number/)
})

test.run()
