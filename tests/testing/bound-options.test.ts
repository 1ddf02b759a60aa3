import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ClippyAdagrad, CosineDecay, type StepOptions } from '../../src/index.ts'
import { boundViolation } from '../../src/testing/index.ts'
import { refuses } from '../support/assertions.ts'
import { defaults } from '../support/case.ts'

const test = suite('testing: the options of boundViolation')

/** The bound of one coordinate of 1 with an accumulator of 4 that moved by 8. */
function boundWith(options?: unknown): number | undefined {
  const arrays = [1, 9, 4].map((x) => Float64Array.of(x)) as [Float64Array, Float64Array, Float64Array]
  return boundViolation(...arrays, options as StepOptions)?.bound
}

test('each of the four options counts, and undefined is the default', () => {
  const none = { variableRelativeThreshold: 0, accumulatorRelativeThreshold: 0, absoluteThreshold: 0, epsilon: 0 }
  assert.is(boundWith(none), 0)
  assert.is(boundWith({ ...none, variableRelativeThreshold: 0.5 }), 0.5)
  assert.is(boundWith({ ...none, accumulatorRelativeThreshold: 3 }), 1.5)
  assert.is(boundWith({ ...none, absoluteThreshold: 0.25 }), 0.25)
  assert.is(boundWith({ ...none, accumulatorRelativeThreshold: 3, epsilon: 5 }), 1)
  const unset = Object.fromEntries(Object.keys(none).map((name) => [name, undefined]))
  for (const options of [undefined, {}, unset, defaults]) assert.is(boundWith(options), 0.1000001)
})

test('the config of an optimizer is taken whole', () => {
  const optimizer = new ClippyAdagrad({
    learningRate: new CosineDecay({ initialLearningRate: 0.1, decaySteps: 10 }),
    name: 'mine',
    clipnorm: 1,
    weightDecay: 0.1,
    useEma: true,
    variableRelativeThreshold: 0.5,
    absoluteThreshold: 0.25,
  })
  assert.is(boundWith(optimizer.getConfig()), 0.75)
  assert.is(boundWith(JSON.parse(JSON.stringify(optimizer.getConfig()))), 0.75)
})

test('no setting that an optimizer has today is unknown', () => {
  for (const name of Object.keys(new ClippyAdagrad().getConfig())) {
    assert.is(typeof boundWith({ [name]: undefined }), 'number', name)
  }
})

test('the config of an optimizer without clipping allows any move', () => {
  const { absoluteThreshold, ...rest } = new ClippyAdagrad({ absoluteThreshold: Infinity }).getConfig()
  assert.is(boundWith({ ...rest, absoluteThreshold }), undefined)
  for (const unlimited of [Infinity, 'Infinity']) assert.is(boundWith({ absoluteThreshold: unlimited }), undefined)
})

test('a misspelt name is refused, and the known ones are listed', () => {
  refuses(() => boundWith({ absolutThreshold: 1 }), TypeError, 'absolutThreshold', 'absoluteThreshold', 'epsilon')
  refuses(() => boundWith({ absolute_threshold: 1 }), TypeError, 'absolute_threshold', 'absoluteThreshold')
  refuses(() => boundWith({ momentum: 1 }), TypeError, 'momentum')
})

test('a wrong value is refused, one that the bound does not depend on is not looked at', () => {
  for (const name of ['variableRelativeThreshold', 'accumulatorRelativeThreshold', 'absoluteThreshold', 'epsilon']) {
    for (const value of [-1, Number.NaN]) refuses(() => boundWith({ [name]: value }), RangeError, name, String(value))
    for (const value of ['0.1', null, 1n]) refuses(() => boundWith({ [name]: value }), TypeError, name)
  }
  for (const name of ['variableRelativeThreshold', 'accumulatorRelativeThreshold', 'epsilon']) {
    refuses(() => boundWith({ [name]: Infinity }), RangeError, name, 'Infinity')
  }
  assert.is(boundWith({ learningRate: Number.NaN, name: 7, clipnorm: -1 }), 0.1000001)
})

test('what is no plain object is refused', () => {
  for (const options of [0.1, null, [], new ClippyAdagrad()]) refuses(() => boundWith(options), TypeError, 'options')
})

test('thresholds for some variables by name are refused, other settings for them are not', () => {
  const overrides = [{ varNames: ['bias$'], learningRateMultiplier: 2 }]
  assert.is(boundWith({ overrides }), 0.1000001)
  assert.is(boundWith({ overrides: null }), 0.1000001)
  for (const name of ['variableRelativeThreshold', 'accumulatorRelativeThreshold', 'absoluteThreshold']) {
    const more = [...overrides, { varNames: ['kernel'], [name]: 1 }]
    refuses(() => boundWith({ overrides: more }), TypeError, `overrides sets ${name}`, 'without overrides')
  }
})

test.run()
