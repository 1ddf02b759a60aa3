import { ClippyAdagrad, PiecewiseConstantDecay } from 'clippy-adagrad'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { layerGroups, optimizerConfig, withOptimizer } from '../config.ts'
import { modelFile } from '../run.ts'
import { kerasOfPython, newRun, weightsOfPython } from './support.ts'

const test = suite('keras checkpoint: config')

test('of the config that Python wrote, nothing but the optimizer changes by a letter', () => {
  const { config = '' } = kerasOfPython
  const marked = withOptimizer(kerasOfPython, new ClippyAdagrad({ name: '}{"' })).config ?? ''
  const start = config.indexOf('{"module": "tensorflow_recommenders')
  const end = config.indexOf(', "loss": ', start)
  assert.ok(start > 0 && end > start)
  assert.is(marked.slice(0, start), config.slice(0, start))
  assert.ok(marked.endsWith(config.slice(end)))
  // Braces and quotes in a name do not end it too early.
  const again = withOptimizer({ ...kerasOfPython, config: marked }, new ClippyAdagrad({ name: 'again' })).config ?? ''
  assert.is(again.slice(0, start), config.slice(0, start))
  assert.ok(again.endsWith(config.slice(end)))
  assert.is(again.split('"ClippyAdagrad"').length, config.split('"ClippyAdagrad"').length - 1)
})

test('the optimizer in a .keras is that of the run, and fromConfig reads it back', () => {
  const { weights } = newRun()
  const optimizer = new ClippyAdagrad({ learningRate: 0.25, clipnorm: 3, useStandardAccumulatorUpdate: true })
  const read = ClippyAdagrad.fromConfig(optimizerConfig(modelFile({ weights, optimizer }, kerasOfPython)))
  assert.equal(read.getConfig(), optimizer.getConfig())
})

test('whole numbers among the rates of a schedule are written as floats, and no other number changes', () => {
  const learningRate = new PiecewiseConstantDecay({ boundaries: [10, 20], values: [10, 0.55, 1e-7] })
  const { config = '' } = withOptimizer(kerasOfPython, new ClippyAdagrad({ learningRate, epsilon: 1 }))
  assert.ok(config.includes('"boundaries":[10,20],"values":[10.0,0.55,1e-7]'), config)
  assert.ok(config.includes('"epsilon":1,'))
  const decay = { initial_learning_rate: 1, decay_steps: 4, decay_rate: 1, staircase: false, name: null }
  const written = ClippyAdagrad.fromConfig({ learning_rate: { class_name: 'ExponentialDecay', config: decay } })
  const text = withOptimizer(kerasOfPython, written).config ?? ''
  assert.ok(text.includes('"initial_learning_rate":1.0,"decay_steps":4,'), text)
})

test('of a model inside of a model it is the optimizer of the whole that is read and replaced', () => {
  const text = (inner: string, whole: string) =>
    `{"layers": [{"compile_config": {"optimizer": {"name": "${inner}"}}}], "compile_config": {"optimizer": ${whole}}}`
  const file = { arrays: new Map(), config: text('inner', '{"name": "whole"}') }
  assert.equal(optimizerConfig(file), { name: 'whole' })
  const optimizer = new ClippyAdagrad()
  assert.is(withOptimizer(file, optimizer).config, text('inner', JSON.stringify(optimizer)))
})

test('the groups of the layers are those of the file, numbered in the order of the model', () => {
  assert.equal(layerGroups(kerasOfPython), [
    'layers/input_layer',
    'layers/embedding',
    'layers/input_layer_1',
    'layers/concatenate',
    'layers/dense',
    'layers/dense_1',
  ])
  const layers = ['LSTM', 'GRUCell', 'BatchNormalization', 'Conv2D', 'Conv2DTranspose', 'LSTMV1'].map((name) => ({
    class_name: name,
  }))
  assert.equal(layerGroups({ arrays: new Map(), config: JSON.stringify({ config: { layers } }) }), [
    'layers/lstm',
    'layers/gru_cell',
    'layers/batch_normalization',
    'layers/conv2d',
    'layers/conv2d_transpose',
    'layers/lstmv1',
  ])
  assert.equal(layerGroups(weightsOfPython), [])
})

test.run()
