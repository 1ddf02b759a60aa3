import * as tf from '@tensorflow/tfjs'
import { ExponentialDecay, LearningRateSchedule } from 'clippy-adagrad'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ClippyAdagradOptimizer } from '../clippy-adagrad-optimizer.ts'
import { BATCHES, compiled, fit, PAPER, refusalOf, reloaded, sameBits, stateOf, weightsOf } from './support.ts'

const test = suite('tf.js: state and config')

test('getWeights names the count, then a slot for each weight, with the shapes of the weights', async () => {
  const { model, optimizer } = compiled(PAPER)
  await fit(model, BATCHES.slice(0, 1))
  const [count, ...slots] = await optimizer.getWeights()
  assert.is(count.name, 'iteration')
  assert.is(count.tensor.dtype, 'int32')
  assert.equal(
    slots.map(({ name, tensor }) => [name, tensor.shape]),
    model.weights.map(({ name, shape }) => [`ClippyAdagrad/accumulator/${name}`, shape]),
  )
})

test('setWeights takes over the state of another optimizer, before the first step and after it', async () => {
  const taught = compiled(PAPER)
  await fit(taught.model, BATCHES.slice(0, 2))
  const state = await taught.optimizer.getWeights()
  for (const steps of [0, 1]) {
    const other = compiled(PAPER)
    await fit(other.model, BATCHES.slice(3, 3 + steps))
    await other.optimizer.setWeights(state)
    sameBits(await stateOf(other.optimizer), await stateOf(taught.optimizer), 'state')
    assert.is(other.optimizer.iterations, 2)
  }
})

test('a count beyond the whole numbers of a float32 is kept', async () => {
  const count = 2 ** 24 + 1
  const { model, optimizer } = compiled(PAPER)
  optimizer.clippy.iterations = count - 1
  await fit(model, BATCHES.slice(0, 1))
  const other = compiled(PAPER)
  await other.optimizer.setWeights(await optimizer.getWeights())
  assert.is(other.optimizer.iterations, count)
})

test('a count that comes as a float32 is taken', async () => {
  const { model, optimizer } = compiled(PAPER)
  await fit(model, BATCHES.slice(0, 2))
  const [count, ...slots] = await optimizer.getWeights()
  for (const steps of [0, 1]) {
    const other = compiled(PAPER)
    await fit(other.model, BATCHES.slice(0, steps))
    await other.optimizer.setWeights([{ name: count.name, tensor: tf.scalar(2, 'float32') }, ...slots])
    await fit(other.model, BATCHES.slice(2, 3))
    assert.is(other.optimizer.iterations, 3)
  }
})

test('state of other shapes is refused by setWeights, or by each step that follows, and nothing changes', async () => {
  const { model, optimizer } = compiled(PAPER)
  await fit(model, BATCHES.slice(0, 1))
  const weights = await optimizer.getWeights()
  const turned = weights.map(({ name, tensor }) => ({ name, tensor: tf.transpose(tensor) }))
  const before = [weightsOf(model), await stateOf(optimizer)]
  assert.match((await refusalOf(optimizer.setWeights(turned))).message, /has shape \[2,6\]; expected \[6,2\]/)
  assert.match((await refusalOf(optimizer.setWeights(weights.slice(1)))).message, /expected/)
  sameBits(weightsOf(model), before[0], 'weights')
  sameBits(await stateOf(optimizer), before[1], 'state')

  const fresh = compiled(PAPER)
  await fresh.optimizer.setWeights(turned)
  const start = weightsOf(fresh.model)
  for (let n = 0; n < 2; n++) {
    assert.match((await refusalOf(fit(fresh.model, BATCHES))).message, /has shape \[2,6\]; expected \[6,2\]/)
  }
  sameBits(weightsOf(fresh.model), start, 'weights')
})

test('too few or too many tensors are refused, and an impossible count', async () => {
  const { model, optimizer } = compiled(PAPER)
  await fit(model, BATCHES.slice(0, 1))
  const weights = await optimizer.getWeights()
  assert.match((await refusalOf(optimizer.setWeights(weights.slice(0, -1)))).message, /5 weights; expected 6/)
  assert.match((await refusalOf(optimizer.setWeights([...weights, weights[1]]))).message, /7 weights; expected 6/)
  const fresh = compiled(PAPER)
  const half = { name: 'iteration', tensor: tf.scalar(0.5) }
  assert.match((await refusalOf(fresh.optimizer.setWeights([half, ...weights.slice(1)]))).message, /iterations is 0.5/)
  assert.match((await refusalOf(fresh.optimizer.setWeights([]))).message, /iterations is/)
})

test('fromConfig makes the optimizer that getConfig described, also from what tf.js has added to it', () => {
  const options = { ...PAPER, useEma: true, clipnorm: 2, absoluteThreshold: Number.POSITIVE_INFINITY, name: 'my_own' }
  const learningRate = new ExponentialDecay({ initialLearningRate: 1, decaySteps: 2, decayRate: 0.5, name: 'a_b' })
  const config = new ClippyAdagradOptimizer({ ...options, learningRate }).getConfig()
  const given = JSON.parse(JSON.stringify({ ...config, customObjects: {} }))
  const made = ClippyAdagradOptimizer.fromConfig(ClippyAdagradOptimizer, given)
  assert.instance(made, ClippyAdagradOptimizer)
  assert.equal(made.getConfig(), config)
})

test('a model with a schedule of one of your own classes says that it does not know the class', async () => {
  class Halving extends LearningRateSchedule {
    static override readonly className = 'Halving'
    override at = (step: number): number => 2 ** -step
    override getConfig = (): Record<string, unknown> => ({})
  }
  const { model } = compiled({ ...PAPER, learningRate: new Halving() })
  assert.match((await refusalOf(reloaded(model))).message, /unknown class "Halving".*customObjects/)
})

test('a variable that the first step did not see is refused by name, and nothing moves', async () => {
  const { model, optimizer } = compiled(PAPER)
  model.layers[0].trainable = false
  model.compile({ optimizer, loss: 'meanSquaredError' })
  await fit(model, BATCHES.slice(0, 1))
  model.layers[0].trainable = true
  model.compile({ optimizer, loss: 'meanSquaredError' })
  const before = weightsOf(model)
  const { message } = await refusalOf(fit(model, BATCHES))
  assert.match(message, `does not know the variable '${model.layers[0].weights[0].name}'`)
  sameBits(weightsOf(model), before, 'weights')
})

test('tf.js finds the class by its name', () => {
  const { classNameMap } = tf.serialization.SerializationMap.getMap()
  assert.is(classNameMap.ClippyAdagrad[0], ClippyAdagradOptimizer)
  assert.is(new ClippyAdagradOptimizer().getClassName(), 'ClippyAdagrad')
  assert.is(tf.serialization.getRegisteredName(ClippyAdagradOptimizer), 'Custom>ClippyAdagrad')
})

test.run()
