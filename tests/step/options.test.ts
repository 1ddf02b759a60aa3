import { runInNewContext } from 'node:vm'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  clippingBound,
  clippingFactor,
  type StepOptions,
  step,
  updateAccumulator,
  updateVariable,
} from '../../src/index.ts'
import { hyperparameters } from '../../src/step/options.ts'
import { float32, float64 } from '../../src/step/precision.ts'
import { refuses, sameBits } from '../support/assertions.ts'
import { defaults } from '../support/case.ts'
import { limitsOf, precisions } from '../support/precision.ts'

const test = suite('options')

const calls: Readonly<Record<string, (options: StepOptions) => unknown>> = {
  step: (options) => step(Float32Array.of(1), Float32Array.of(0.1), Float32Array.of(1), options),
  clippingFactor: (options) => clippingFactor(Float32Array.of(1), Float32Array.of(0.1), Float32Array.of(1), options),
  updateVariable: (options) => updateVariable(Float32Array.of(1), Float32Array.of(0.1), Float32Array.of(1), 1, options),
  clippingBound: (options) => clippingBound(Float32Array.of(1), Float32Array.of(0.1), options),
}

class Settings {
  learningRate = 0.1
}

const noObjects: ReadonlyArray<[value: unknown, words: string]> = [
  [0.1, 'options is 0.1'],
  [true, 'options is true'],
  ['0.1', 'options is "0.1"'],
  [null, 'options is null'],
  [[], 'options is an array of length 0'],
  [[{ learningRate: 0.1 }], 'options is an array of length 1'],
  [new Map([['learningRate', 0.1]]), 'options is a Map'],
  [new Date(), 'options is a Date'],
  [() => 0.1, 'options is a function'],
  [new Settings(), 'options is a Settings'],
  [Object.create({ learningRate: 0.1 }), 'options is an object'],
  [Float32Array.of(0.1), 'options is a Float32Array of length 1'],
]

for (const [name, call] of Object.entries(calls)) {
  test(`${name} refuses options that are no plain object, says what was given and shows what to write`, () => {
    for (const [value, words] of noObjects) {
      for (const before of [undefined, {}, { learningRate: 0.1 }]) {
        // Whatever was given before, which is remembered.
        call(before as StepOptions)
        refuses(() => call(value as StepOptions), TypeError, words, 'a plain object', '{ learningRate: 0.1 }')
      }
    }
  })
}

test('plain objects of any make will do', () => {
  const made: StepOptions[] = [
    { learningRate: 0.1 },
    Object.assign(Object.create(null), { learningRate: 0.1 }),
    runInNewContext('({ learningRate: 0.1 })'),
    Object.freeze({ learningRate: 0.1 }),
    { learningRate: 0.1, epsilon: undefined },
  ]
  for (const options of [...made, ...made]) assert.is(hyperparameters(options, float32).learningRate, 0.1)
})

test('a misspelt name is refused, also when it comes to an options object in use', () => {
  const options: Record<string, unknown> = { learningRate: 0.1 }
  calls.step(options)
  calls.step(options)
  for (const value of [0.2, undefined]) {
    options.learningrate = value
    refuses(() => calls.step(options), TypeError, 'a step has no option "learningrate"', 'learningRate')
    delete options.learningrate
    calls.step(options)
  }
  refuses(() => calls.step({ learning_rate: 0.1 } as StepOptions), TypeError, 'write learningRate')
})

test('the options of the optimizer that a step does not read are let through', () => {
  const both = { learningRate: 0.1, initialAccumulatorValue: 0.1, exportClippingFactors: true, name: 'x' }
  assert.is(hyperparameters(both, float32).learningRate, 0.1)
})

test('an option that Object.prototype has is not taken for one', () => {
  const polluted = Object.prototype as { learningRate?: number; other?: number }
  try {
    polluted.learningRate = 0.5
    polluted.other = 1
    for (let i = 0; i < 2; i++) {
      assert.is(hyperparameters({}, float32).learningRate, 0.001)
      assert.is(hyperparameters({ epsilon: 1 }, float32).learningRate, 0.001)
      assert.is(hyperparameters(undefined, float32).learningRate, 0.001)
    }
  } finally {
    delete polluted.learningRate
    delete polluted.other
  }
})

test('a change of any one option is seen, and so is its way back', () => {
  const changes: ReadonlyArray<Partial<Record<keyof StepOptions, number | boolean>>> = [
    { learningRate: 0.5 },
    { epsilon: 0.5 },
    { variableRelativeThreshold: 0.5 },
    { accumulatorRelativeThreshold: 0.5 },
    { absoluteThreshold: 0.5 },
    { clipAccumulatorUpdate: true },
    { useStandardAccumulatorUpdate: true },
  ]
  assert.is(changes.length, Object.keys(defaults).length)
  for (const precision of [float32, float64]) {
    const options = (h: ReturnType<typeof hyperparameters>) => ({
      learningRate: h.learningRate,
      epsilon: h.epsilon,
      variableRelativeThreshold: h.thresholds.relative,
      accumulatorRelativeThreshold: h.thresholds.accumulatorRelative,
      absoluteThreshold: h.thresholds.absolute,
      clipAccumulatorUpdate: h.clipAccumulatorUpdate,
      useStandardAccumulatorUpdate: h.useStandardAccumulatorUpdate,
    })
    for (const change of changes) {
      for (const given of [defaults, { ...defaults, ...change }, defaults, change, {}, change] as StepOptions[]) {
        const h = hyperparameters(given, precision)
        assert.equal(options(h), { ...defaults, ...given })
        assert.is(h.precision, precision)
      }
    }
  }
})

test('options are read again when the object has changed', () => {
  const options = { learningRate: 0.1 }
  assert.is(hyperparameters(options, float64).learningRate, 0.1)
  options.learningRate = 0.2
  assert.is(hyperparameters(options, float64).learningRate, 0.2)
})

test('the same options are prepared once for each precision', () => {
  const [single, double] = [float32, float64].map((precision) => hyperparameters({ learningRate: 0.3 }, precision))
  assert.is(hyperparameters({ learningRate: 0.3 }, float32), single)
  assert.is(hyperparameters({ learningRate: 0.3 }, float64), double)
  assert.is.not(single, double)
})

test('-0 counts as 0, as an option and as a factor', () => {
  const zero = { learningRate: -0, epsilon: -0, variableRelativeThreshold: -0, absoluteThreshold: -0 }
  for (const precision of [float32, float64]) {
    const h = hyperparameters({ ...zero, accumulatorRelativeThreshold: -0 }, precision)
    const numbers = [h.learningRate, h.epsilon, ...Object.values(h.thresholds), ...Object.values(h.forBound)]
    for (const x of numbers) assert.ok(Object.is(x, 0))
  }
  const moved = (factor: number, learningRate: number) => {
    const variable = Float64Array.of(-0, 0, -0, 0)
    updateVariable(variable, new Float64Array(4).fill(1), Float64Array.of(1, 1, -1, -1), factor, { learningRate })
    const accumulator = new Float64Array(4)
    updateAccumulator(accumulator, Float64Array.of(1, 1, -1, -1), factor)
    return Float64Array.of(...variable, ...accumulator)
  }
  sameBits(moved(-0, 0.1), moved(0, 0.1), 'with a factor of -0')
  sameBits(moved(0.5, -0), moved(0.5, 0), 'with a learning rate of -0')
})

test('an absolute threshold may be infinite, in words too', () => {
  assert.not(hyperparameters({ absoluteThreshold: Number.POSITIVE_INFINITY }, float32).clips)
  for (const value of [-1, Number.NaN, Number.NEGATIVE_INFINITY]) {
    refuses(() => calls.step({ absoluteThreshold: value }), RangeError, `absoluteThreshold is ${value}`)
  }
})

test('thresholds are lowered, and none is raised', () => {
  for (const precision of precisions) {
    const type = precision === 'float32' ? float32 : float64
    const { factorTolerance } = limitsOf(precision)
    const h = hyperparameters(
      { variableRelativeThreshold: 0.1, accumulatorRelativeThreshold: 0.2, absoluteThreshold: 0.3 },
      type,
    )
    for (const name of ['relative', 'accumulatorRelative', 'absolute'] as const) {
      assert.ok(h.forFactor[name] < h.thresholds[name] && h.forBound[name] < h.thresholds[name])
      assert.ok(h.forFactor[name] > h.thresholds[name] * (1 - factorTolerance))
      assert.ok(h.forBound[name] > h.thresholds[name] * (1 - 2 ** -48))
    }
  }
})

test('a misspelt option is refused whatever options were given before', () => {
  const take = (options: object) => step(Float32Array.of(1), Float32Array.of(1), Float32Array.of(1), options)
  for (const before of [
    { learningRate: 0.1, epsilon: undefined },
    { learningRate: 0.1, name: 'x' },
    { learningRate: 0.1, initialAccumulatorValue: 0.1 },
  ]) {
    take(before)
    refuses(() => take({ learningRate: 0.1, epsilom: 5 }), TypeError, 'epsilom')
  }
  take({ name: 'x' })
  refuses(() => take({ lr: 0.1 }), TypeError, 'lr')
})

test('what Object.prototype has does not stand for an option that was given before', () => {
  const prototype = Object.prototype as { epsilon?: number }
  const take = (options: StepOptions) => hyperparameters(options, float32).epsilon
  assert.is(take({ learningRate: 0.1, epsilon: 5 }), 5)
  prototype.epsilon = 5
  try {
    assert.is(take({ learningRate: 0.1 }), 1e-7)
  } finally {
    delete prototype.epsilon
  }
})

test.run()
