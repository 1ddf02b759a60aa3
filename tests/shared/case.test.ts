import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { camelCaseKeys, snakeCaseKeys, toCamelCase, toSnakeCase } from '../../src/shared/case.ts'
import { holds } from '../support/property.ts'

const test = suite('shared/case')

test('option names of Keras in both spellings', () => {
  const pairs = [
    ['initialLearningRate', 'initial_learning_rate'],
    ['tMul', 't_mul'],
    ['name', 'name'],
    ['globalClipnorm', 'global_clipnorm'],
    ['emaOverwriteFrequency', 'ema_overwrite_frequency'],
    ['useStandardAccumulatorUpdate', 'use_standard_accumulator_update'],
  ]
  for (const [camel, snake] of pairs) {
    assert.is(toSnakeCase(camel), snake)
    assert.is(toCamelCase(snake), camel)
    assert.is(toCamelCase(camel), camel)
    assert.is(toSnakeCase(snake), snake)
  }
})

test('odd keys stay what they are', () => {
  for (const key of ['__proto__', '_x', 'x_', 'a__b', 'beta_1', '', '_', 'constructor']) {
    assert.is(toCamelCase(key), key)
    assert.is(toSnakeCase(key), key)
  }
})

test('any camelCase name survives the way to snake_case and back', () => {
  const word = fc.stringMatching(/^[a-z]{1,8}$/)
  holds(fc.array(word, { minLength: 1, maxLength: 5 }), (words) => {
    const snake = words.join('_')
    assert.is(toSnakeCase(toCamelCase(snake)), snake)
  })
})

test('keys of a config: values are kept, the argument is not changed', () => {
  const config = Object.freeze({ decay_steps: [1], name: null })
  const camel = camelCaseKeys(config, 'config')
  assert.equal(camel, { decaySteps: [1], name: null })
  assert.is(camel.decaySteps, config.decay_steps)
  assert.equal(snakeCaseKeys(camel), config)
})

test('one option in both spellings is refused', () => {
  assert.throws(() => camelCaseKeys({ decaySteps: 1, decay_steps: 1 }, 'config'), /decaySteps and decay_steps/)
})

test('a key __proto__ stays an ordinary key', () => {
  for (const convert of [snakeCaseKeys, (config: object) => camelCaseKeys(config, 'config')]) {
    const result = convert(JSON.parse('{ "__proto__": { "polluted": 1 } }'))
    assert.equal(Object.keys(result), ['__proto__'])
    assert.is(Object.getPrototypeOf(result), Object.prototype)
    assert.is(result.polluted, undefined)
  }
})

test.run()
