import { type ClippyAdagradOptions, ExponentialDecay, type ExponentialDecayOptions } from 'clippy-adagrad'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ClippyAdagradOptimizer } from '../clippy-adagrad-optimizer.ts'
import { buildModel, close, fit, type RecordedRun, RUNS, stateOf, weightsOf } from './support.ts'

const test = suite('tf.js: recorded steps')

/** Of the larger of 1 and the recorded number; what was seen is 4.6e-7 in weights and 6.2e-7 in factors. */
const TOLERANCE = 1e-6
/** Accumulators add up squared gradients, which differ more than the weights that they come from: 1.0e-6 was seen. */
const TOLERANCE_OF_SQUARES = 2e-6

for (const run of RUNS) {
  test(`${run.name}: five steps of fit are those of TensorFlow Recommenders`, async () => {
    const model = buildModel(run)
    const optimizer = new ClippyAdagradOptimizer(optionsOf(run))
    model.compile({ optimizer, loss: 'meanSquaredError' })
    for (const [n, step] of run.steps.entries()) {
      await fit(model, [step])
      for (const [k, weights] of weightsOf(model).entries()) {
        close(weights, step.weights[k], TOLERANCE, `weights ${k} after step ${n + 1}`)
      }
      const [count, ...slots] = await stateOf(optimizer)
      assert.is(count[0], n + 1)
      const perVariable = step.factors.length > 0 ? 2 : 1
      assert.is(slots.length, perVariable * step.accumulators.length)
      for (const [k, accumulator] of step.accumulators.entries()) {
        close(slots[perVariable * k], accumulator, TOLERANCE_OF_SQUARES, `accumulator ${k} after step ${n + 1}`)
      }
      close(optimizer.clippy.clippingFactors, step.factors, TOLERANCE, `factors after step ${n + 1}`)
    }
  })
}

test('the recorded steps clip, and do not always', () => {
  const factors = RUNS.flatMap(({ steps }) => steps.flatMap(({ factors }) => factors))
  assert.ok(factors.some((factor) => factor < 0.1))
  assert.ok(factors.some((factor) => factor === 1))
})

test('the recorded batches repeat ids and leave some out', () => {
  for (const { steps } of RUNS) {
    assert.ok(steps.some(({ ids }) => new Set(ids.flat()).size < Math.min(6, ids.flat().length)))
  }
})

function optionsOf({ options }: RecordedRun): ClippyAdagradOptions {
  const { learningRate: rate } = options
  if (typeof rate === 'number') return { ...options, learningRate: rate }
  assert.is(rate.class, 'ExponentialDecay')
  return { ...options, learningRate: new ExponentialDecay(rate.options as ExponentialDecayOptions) }
}

test.run()
