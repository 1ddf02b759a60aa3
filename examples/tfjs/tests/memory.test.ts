import * as tf from '@tensorflow/tfjs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ClippyAdagradOptimizer } from '../clippy-adagrad-optimizer.ts'
import {
  BATCHES,
  buildModel,
  compiled,
  fit,
  memoryFile,
  PAPER,
  refusalOf,
  sameBits,
  stateOf,
  weightsOf,
} from './support.ts'

const test = suite('tf.js: memory')

const tensors = (): number => tf.memory().numTensors
const BAD = { ids: BATCHES[0].ids, targets: BATCHES[0].targets.map(() => Number.NaN) }

test('training leaves no tensors behind', async () => {
  const { model } = compiled({ ...PAPER, useEma: true, exportClippingFactors: true })
  const before = tensors()
  await fit(model, BATCHES)
  assert.is(tensors(), before)
})

test('a refused fit leaves behind no more than tf.js leaves of any fit whose optimizer throws', async () => {
  const { model } = compiled(PAPER)
  const failing = buildModel()
  const optimizer = tf.train.sgd(1)
  optimizer.applyGradients = () => {
    throw new Error('on purpose')
  }
  failing.compile({ optimizer, loss: 'meanSquaredError' })
  const left = async (trained: tf.LayersModel): Promise<number> => {
    const before = tensors()
    await refusalOf(fit(trained, [BAD]))
    return tensors() - before
  }
  assert.is(await left(model), await left(failing))
})

test('the first step leaves none behind either', () => {
  const w = tf.variable(tf.tensor1d([1, 2]))
  const optimizer = new ClippyAdagradOptimizer(PAPER)
  const before = tensors()
  optimizer.minimize(() => w.square().sum())
  assert.is(tensors(), before)
  w.dispose()
})

test('a refused minimize and trainOnBatch free their gradients', async () => {
  const w = tf.variable(tf.tensor1d([1, Number.NaN]))
  const optimizer = new ClippyAdagradOptimizer(PAPER)
  const { model } = compiled(PAPER)
  const [x, y] = [tf.tensor2d(BAD.ids), tf.tensor2d(BAD.targets, [BAD.targets.length, 1])]
  const before = tensors()
  assert.throws(() => optimizer.minimize(() => w.square().sum(), true, [w]), /NaN/)
  await refusalOf(model.trainOnBatch(x, y))
  assert.is(tensors(), before)
  w.dispose()
})

test('saving again and again keeps one set of tensors, and dispose frees it', async () => {
  const { model, optimizer } = compiled(PAPER)
  await fit(model, BATCHES.slice(0, 1))
  const before = tensors()
  for (let n = 0; n < 3; n++) {
    await model.save(memoryFile(), { includeOptimizer: true })
    assert.is(tensors(), before + 6)
    await fit(model, BATCHES.slice(n, n + 1))
  }
  optimizer.dispose()
  assert.is(tensors(), before)
  // It may be used on.
  assert.is((await stateOf(optimizer))[0][0], 4)
})

test('loading leaves the tensors of the model only', async () => {
  const { model } = compiled(PAPER)
  await fit(model, BATCHES.slice(0, 1))
  const file = memoryFile()
  await model.save(file, { includeOptimizer: true })
  const before = tensors()
  const loaded = await tf.loadLayersModel(file)
  await fit(loaded, BATCHES)
  assert.is(tensors(), before + model.weights.length)
})

test('tensors of getWeights that somebody has disposed are made anew', async () => {
  const { model, optimizer } = compiled(PAPER)
  await fit(model, BATCHES.slice(0, 1))
  const state = await stateOf(optimizer)
  for (const { tensor } of await optimizer.getWeights()) tensor.dispose()
  sameBits(await stateOf(optimizer), state, 'state')
})

for (const steps of [0, 1]) {
  test(`clones of weights after ${steps} steps keep their values when training goes on`, async () => {
    const { model } = compiled(PAPER)
    await fit(model, BATCHES.slice(0, steps))
    const clones = model.getWeights().map((weight) => weight.clone())
    const read = clones.map((clone) => clone.dataSync<'float32'>())
    const copies = read.map((values) => values.slice())
    await fit(model, BATCHES)
    sameBits(read, copies, 'arrays')
    sameBits(
      clones.map((clone) => clone.dataSync<'float32'>()),
      copies,
      'clones',
    )
    for (const [k, weights] of weightsOf(model).entries()) assert.not.equal(weights, copies[k])
  })
}

test('dispose twice frees no clone that somebody has of the state', async () => {
  const { model, optimizer } = compiled(PAPER)
  await fit(model, BATCHES.slice(0, 1))
  const before = tensors()
  const clones = (await optimizer.getWeights()).map(({ tensor }) => tensor.clone())
  optimizer.dispose()
  optimizer.dispose()
  assert.is(tensors(), before + clones.length)
  for (const clone of clones) assert.ok(clone.dataSync().length > 0)
  tf.dispose(clones)
  assert.is(tensors(), before)
})

test('state that was read keeps its values when training goes on', async () => {
  const { model, optimizer } = compiled(PAPER)
  await fit(model, BATCHES.slice(0, 1))
  const read = (await optimizer.getWeights()).map(({ tensor }) => tensor.dataSync<'float32'>())
  const copies = read.map((values) => values.slice())
  await fit(model, BATCHES)
  sameBits(read, copies, 'state')
})

test('state that was set before the first step is not affected by what becomes of the tensors', async () => {
  const taught = compiled(PAPER)
  await fit(taught.model, BATCHES.slice(0, 2))
  const state = await stateOf(taught.optimizer)
  const arrays = state.map((values) => values.slice())
  const weights = await taught.optimizer.getWeights()
  const { optimizer } = compiled(PAPER)
  const given = arrays.map((values, k) => ({ name: 'w', tensor: tf.tensor(values, weights[k].tensor.shape) }))
  await optimizer.setWeights(given)
  for (const values of arrays) values.fill(7)
  tf.dispose(given)
  sameBits(await stateOf(optimizer), state, 'state')
})

test('gradients are read only', () => {
  const w = tf.variable(tf.tensor1d([1, 2]), true, 'read-only')
  const gradient = Float32Array.of(3, -4)
  const optimizer = new ClippyAdagradOptimizer({ ...PAPER, clipnorm: 1 })
  for (let n = 0; n < 2; n++) optimizer.applyGradients({ 'read-only': tf.tensor1d(gradient) })
  assert.equal(gradient, Float32Array.of(3, -4))
  w.dispose()
})

test.run()
