import { type ClippyAdagradOptions, CosineDecay, ExponentialDecay, PiecewiseConstantDecay } from 'clippy-adagrad'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { BATCHES, compiled, fit, optimizerOf, PAPER, reloaded, sameBits, stateOf, weightsOf } from './support.ts'

const test = suite('tf.js: save and resume')

const RUNS: Readonly<Record<string, ClippyAdagradOptions>> = {
  'the default options': {},
  "the paper's options": PAPER,
  'standard accumulators': { ...PAPER, useStandardAccumulatorUpdate: true },
  'weight decay and clipped gradients': { ...PAPER, weightDecay: 0.1, globalClipnorm: 1 },
  'averages that overwrite': { ...PAPER, useEma: true, emaMomentum: 0.5, emaOverwriteFrequency: 2 },
  'no clipping': { ...PAPER, absoluteThreshold: Number.POSITIVE_INFINITY },
  'exponential decay': {
    ...PAPER,
    learningRate: new ExponentialDecay({ initialLearningRate: 1, decaySteps: 2, decayRate: 0.5, staircase: true }),
  },
  'cosine decay with warm-up': {
    ...PAPER,
    learningRate: new CosineDecay({ initialLearningRate: 0.1, decaySteps: 3, warmupTarget: 1, warmupSteps: 2 }),
  },
  'piecewise constant decay': {
    ...PAPER,
    learningRate: new PiecewiseConstantDecay({ boundaries: [1, 3], values: [1, 0.5, 0.1] }),
  },
}

for (const [name, options] of Object.entries(RUNS)) {
  test(`${name}: stopped at any step, a run ends with the bits of one that never stopped`, async () => {
    const whole = compiled(options)
    await fit(whole.model, BATCHES)
    const weights = weightsOf(whole.model)
    const state = await stateOf(whole.optimizer)
    for (let stop = 0; stop <= BATCHES.length; stop++) {
      const { model } = compiled(options)
      await fit(model, BATCHES.slice(0, stop))
      const resumed = await reloaded(model)
      await fit(resumed, BATCHES.slice(stop))
      sameBits(weightsOf(resumed), weights, `stopped at ${stop}: weights`)
      sameBits(await stateOf(optimizerOf(resumed)), state, `stopped at ${stop}: state`)
      assert.equal(optimizerOf(resumed).getConfig(), whole.optimizer.getConfig())
    }
  })
}

test('a model that is loaded and saved again before it trains keeps its state', async () => {
  const { model, optimizer } = compiled(PAPER)
  await fit(model, BATCHES.slice(0, 2))
  const resumed = await reloaded(await reloaded(model))
  sameBits(await stateOf(optimizerOf(resumed)), await stateOf(optimizer), 'state')
  await fit(model, BATCHES.slice(2))
  await fit(resumed, BATCHES.slice(2))
  sameBits(weightsOf(resumed), weightsOf(model), 'weights')
})

test('a loaded optimizer knows its step count and the rate of its schedule before it takes a step', async () => {
  const learningRate = new ExponentialDecay({ initialLearningRate: 1, decaySteps: 1, decayRate: 0.5 })
  const { model } = compiled({ ...PAPER, learningRate })
  await fit(model, BATCHES.slice(0, 3))
  const resumed = optimizerOf(await reloaded(model))
  assert.is(resumed.iterations, 3)
  assert.is(resumed.learningRate, 0.125)
})

test('a rate that a callback set is saved', async () => {
  const { model, optimizer } = compiled(PAPER)
  const halve = () => {
    optimizer.learningRate /= 2
  }
  await fit(model, BATCHES.slice(0, 2), { onBatchEnd: halve })
  const resumed = await reloaded(model)
  assert.is(optimizerOf(resumed).learningRate, 0.25)
  await fit(model, BATCHES.slice(2))
  await fit(resumed, BATCHES.slice(2))
  sameBits(weightsOf(resumed), weightsOf(model), 'weights')
})

test('an exported factor is saved as a float32, and the next step makes it a double again', async () => {
  const options = { ...PAPER, exportClippingFactors: true }
  const { model, optimizer } = compiled(options)
  await fit(model, BATCHES.slice(0, 2))
  const resumed = await reloaded(model)
  await fit(model, BATCHES.slice(2, 3))
  await fit(resumed, BATCHES.slice(2, 3))
  const factors = optimizer.clippy.clippingFactors
  assert.ok(factors.some((factor) => Math.fround(factor) !== factor))
  assert.equal(optimizerOf(resumed).clippy.clippingFactors, factors)
})

test.run()
