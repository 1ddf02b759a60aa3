import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ClippyAdagrad, type ClippyAdagradOptions, ExponentialDecay } from '../../../src/index.ts'
import { refuses, word } from '../../support/assertions.ts'

// What the reference does at construction and with configs, row by row: each test says what we do.
const test = suite('reference/tables: construction and config')

const make = (options: object) => () => new ClippyAdagrad(options)

test('both accumulator flags at once are a RangeError', () => {
  const both = { clipAccumulatorUpdate: true, useStandardAccumulatorUpdate: true }
  refuses(make(both), RangeError, 'clipAccumulatorUpdate', 'useStandardAccumulatorUpdate')
  make({ clipAccumulatorUpdate: true, useStandardAccumulatorUpdate: false })()
  make({ clipAccumulatorUpdate: false, useStandardAccumulatorUpdate: true })()
})

test('clipnorm with globalClipnorm is a RangeError, also when both are 0, and so are any two of the three clip options', () => {
  for (const value of [1, 0]) {
    refuses(make({ clipnorm: value, globalClipnorm: value }), RangeError, 'clipnorm', 'globalClipnorm', word(value))
    refuses(make({ clipnorm: value, clipvalue: value }), RangeError, 'clipnorm', 'clipvalue')
    refuses(make({ globalClipnorm: value, clipvalue: value }), RangeError, 'globalClipnorm', 'clipvalue')
  }
  refuses(make({ clipnorm: 1, globalClipnorm: 1, clipvalue: 1 }), RangeError)
  make({ clipnorm: 1, globalClipnorm: null, clipvalue: undefined })()
})

test('a clip option of 0 or below is a RangeError', () => {
  for (const option of ['clipnorm', 'globalClipnorm', 'clipvalue']) {
    for (const value of [0, -0, -1, Number.NaN]) {
      refuses(make({ [option]: value }), RangeError, option, Object.is(value, -0) ? '-0' : word(value))
    }
  }
})

test('an unknown option is a TypeError that lists the known ones; lr and decay say learningRate and schedules', () => {
  refuses(make({ momentum: 0.9 }), TypeError, 'momentum', 'known options', 'learningRate', 'weightDecay', 'epsilon')
  refuses(make({ lr: 0.1 }), TypeError, 'lr', 'write learningRate')
  refuses(make({ decay: 0.1 }), TypeError, 'decay', 'schedule')
  refuses(make({ learning_rate: 0.1 }), TypeError, 'write learningRate')
})

test('emaMomentum outside [0, 1] with useEma is a RangeError', () => {
  for (const emaMomentum of [-1e-9, 1.01, Number.NaN, Number.POSITIVE_INFINITY]) {
    refuses(make({ useEma: true, emaMomentum }), RangeError, 'emaMomentum', word(emaMomentum))
  }
  for (const emaMomentum of [0, 1]) make({ useEma: true, emaMomentum })()
})

test('emaOverwriteFrequency that is no integer >= 1 with useEma is refused; null and undefined mean never', () => {
  for (const emaOverwriteFrequency of [-1, 2.5, 0]) {
    refuses(make({ useEma: true, emaOverwriteFrequency }), RangeError, 'emaOverwriteFrequency')
  }
  // A wrong kind is a TypeError here as everywhere.
  refuses(make({ useEma: true, emaOverwriteFrequency: '3' }), TypeError, 'emaOverwriteFrequency', '"3"')
  for (const emaOverwriteFrequency of [null, undefined]) {
    const optimizer = new ClippyAdagrad({ learningRate: 1, useEma: true, emaOverwriteFrequency })
    const w = Float32Array.of(1)
    for (let k = 0; k < 5; k++) optimizer.applyGradients([[Float32Array.of(1), w]])
    assert.is.not(w[0], optimizer.variables[1].value[0])
  }
})

test('a negative or NaN learning rate, threshold, epsilon or initial accumulator is a RangeError at construction; a rate of 0 is fine', () => {
  const options = [
    'learningRate',
    'epsilon',
    'initialAccumulatorValue',
    'variableRelativeThreshold',
    'accumulatorRelativeThreshold',
    'absoluteThreshold',
  ]
  for (const option of options) {
    for (const value of [-1, -5e-324, Number.NaN, Number.NEGATIVE_INFINITY]) {
      refuses(make({ [option]: value }), RangeError, option, word(value))
    }
    make({ [option]: 0 })()
  }
  const w = Float32Array.of(1)
  new ClippyAdagrad({ learningRate: 0 }).applyGradients([[Float32Array.of(1), w]])
  assert.is(w[0], 1)
})

test('there is no weight decay unless given, and at 0 or absent a sparse step never walks the table because of it', () => {
  assert.is(new ClippyAdagrad().getConfig().weightDecay, null)
  // A NaN in a row that no gradient names would be found by whoever reads that row.
  const gradient = { indices: [0], values: Float32Array.of(1) }
  for (const options of [{}, { weightDecay: 0 }, { weightDecay: null }]) {
    const table = Float32Array.of(1, Number.NaN)
    new ClippyAdagrad(options).applyGradients([[gradient, table]])
    assert.ok(table[0] < 1)
  }
  const decaying = new ClippyAdagrad({ weightDecay: 1e-300 })
  refuses(() => decaying.applyGradients([[gradient, Float32Array.of(1, Number.NaN)]]), RangeError, 'NaN')
})

const everything = {
  name: 'tuned',
  learningRate: 0.1,
  weightDecay: 0.01,
  clipnorm: null,
  globalClipnorm: 3,
  clipvalue: null,
  useEma: true,
  emaMomentum: 0.9,
  emaOverwriteFrequency: 7,
  nonFiniteGradients: 'skip',
  initialAccumulatorValue: 0.2,
  variableRelativeThreshold: 0.3,
  accumulatorRelativeThreshold: 0.4,
  absoluteThreshold: 0.5,
  epsilon: 0.6,
  exportClippingFactors: true,
  clipAccumulatorUpdate: false,
  useStandardAccumulatorUpdate: true,
} satisfies ClippyAdagradOptions

test('a config has every option, use_standard_accumulator_update too, as plain JSON', () => {
  const config = new ClippyAdagrad(everything).getConfig()
  assert.equal(config, everything)
  assert.equal(JSON.parse(JSON.stringify(config)), everything)
  const keras = JSON.parse(JSON.stringify(new ClippyAdagrad(everything))).config
  assert.is(keras.use_standard_accumulator_update, true)
  // The double that was given, not the float32 nearest to it.
  assert.is(keras.learning_rate, 0.1)
})

/** As `tf.keras.optimizers.serialize` writes it, with a schedule inside. */
const serialized = {
  module: 'tensorflow_recommenders.experimental.optimizers.clippy_adagrad',
  class_name: 'ClippyAdagrad',
  config: {
    name: 'tuned',
    weight_decay: 0.01,
    clipnorm: null,
    global_clipnorm: 3,
    clipvalue: null,
    use_ema: true,
    ema_momentum: 0.9,
    ema_overwrite_frequency: 7,
    jit_compile: true,
    is_legacy_optimizer: false,
    learning_rate: {
      module: 'keras.optimizers.schedules',
      class_name: 'ExponentialDecay',
      config: { initial_learning_rate: 0.5, decay_steps: 10, decay_rate: 0.9, staircase: true, name: null },
      registered_name: null,
    },
    initial_accumulator_value: 0.2,
    variable_relative_threshold: 0.3,
    absolute_threshold: 0.5,
    accumulator_relative_threshold: 0.4,
    epsilon: 0.6,
    export_clipping_factors: true,
    clip_accumulator_update: false,
    use_standard_accumulator_update: true,
  },
  registered_name: 'Custom>ClippyAdagrad',
}

test('all of the Keras keys are read, jit_compile and is_legacy_optimizer ignored; a serialized file with a schedule loads', () => {
  for (const given of [serialized, serialized.config]) {
    const optimizer = ClippyAdagrad.fromConfig(JSON.parse(JSON.stringify(given)))
    const schedule = new ExponentialDecay({ initialLearningRate: 0.5, decaySteps: 10, decayRate: 0.9, staircase: true })
    const learningRate = { className: 'ExponentialDecay', config: schedule.getConfig() }
    assert.equal(optimizer.getConfig(), { ...everything, learningRate, nonFiniteGradients: 'throw' })
    optimizer.iterations = 20
    assert.is(optimizer.learningRate, schedule.at(20))
  }
  const rewritten = JSON.parse(JSON.stringify(ClippyAdagrad.fromConfig(serialized)))
  assert.equal(rewritten, { ...serialized, config: { ...serialized.config, jit_compile: false } })
})

function frozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(frozen)
  return value
}

test('fromConfig never changes its argument', () => {
  const given = frozen(structuredClone(serialized))
  ClippyAdagrad.fromConfig(given)
  ClippyAdagrad.fromConfig(given.config)
  assert.equal(given, serialized)
  const config = frozen(new ClippyAdagrad(everything).getConfig())
  ClippyAdagrad.fromConfig(config)
  // Nor does what is made hold on to it: another schedule takes nothing away from the config.
  const optimizer = ClippyAdagrad.fromConfig(given)
  optimizer.learningRate = () => 1
  assert.equal(given, serialized)
})

test.run()
