import { runInNewContext } from 'node:vm'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import * as check from '../../src/shared/check.ts'
import { refuses } from '../support/assertions.ts'

const test = suite('shared/check')

/** Every kind of value that is not a number. */
const NOT_NUMBERS = [undefined, null, '1', true, 1n, [], {}, () => 1, Symbol('one'), new Float32Array(1)]

test('the message says what came and what was expected', () => {
  refuses(
    () => check.nonNegative(-1, 'learningRate'),
    RangeError,
    /^learningRate is -1; expected a finite number >= 0$/,
  )
  refuses(
    () => check.nonNegative('0.1', 'learningRate'),
    TypeError,
    /^learningRate is "0.1"; expected a finite number >= 0$/,
  )
  refuses(() => check.within(2, 0, 1, 'alpha'), RangeError, /^alpha is 2; expected a number in \[0, 1\]$/)
  refuses(() => check.integerFrom(1.5, 0, 'step'), RangeError, /^step is 1.5; expected an integer >= 0$/)
})

test('numbers: each check takes its range, with its ends, and nothing else', () => {
  const { MAX_VALUE, MIN_VALUE, MAX_SAFE_INTEGER } = Number
  const cases: [string, (value: unknown) => number, number[], number[]][] = [
    ['nonNegative', (x) => check.nonNegative(x, 'x'), [-0, 0, MIN_VALUE, MAX_VALUE], [-MIN_VALUE, -1]],
    ['positive', (x) => check.positive(x, 'x'), [MIN_VALUE, 1, MAX_VALUE], [-1, -0, 0]],
    ['atLeast', (x) => check.atLeast(x, 1, 'x'), [1, MAX_VALUE], [1 - 2 ** -53, 0]],
    ['within', (x) => check.within(x, 0, 1, 'x'), [0, 0.5, 1], [-MIN_VALUE, 1 + 2 ** -52]],
    ['integerFrom', (x) => check.integerFrom(x, 1, 'x'), [1, MAX_SAFE_INTEGER], [0, 1.5, MAX_SAFE_INTEGER + 1]],
  ]
  for (const [name, run, good, bad] of cases) {
    // −0 comes back as 0, which JSON can hold.
    for (const value of good) assert.ok(Object.is(run(value), value + 0), `${name}(${value})`)
    for (const value of [...bad, NaN, Infinity, -Infinity]) refuses(() => run(value), RangeError, /^x is .*; expected/)
    for (const value of NOT_NUMBERS) refuses(() => run(value), TypeError, /^x is .*; expected/)
  }
})

test('booleans, strings and arrays', () => {
  assert.is(check.boolean(false, 'x'), false)
  assert.is(check.string('', 'x'), '')
  assert.equal(check.array([1], 'x'), [1])
  for (const value of [undefined, null, 0, {}, new Float32Array(1)]) {
    refuses(() => check.boolean(value, 'x'), TypeError, /^x is .*; expected true or false$/)
    refuses(() => check.string(value, 'x'), TypeError, /^x is .*; expected a string$/)
    refuses(() => check.array(value, 'x'), TypeError, /^x is .*; expected an array$/)
  }
})

test('describe: short, and calls nothing of the value', () => {
  const trap = () => {
    throw new Error('called')
  }
  const hostile = { toString: trap, toJSON: trap, [Symbol.toPrimitive]: trap, valueOf: trap }
  assert.is(check.describe(hostile), 'an object')
  assert.is(check.describe(-0), '-0')
  assert.is(check.describe('x'.repeat(1000)).length < 50, true)
  assert.is(check.describe([1, 2]), 'an array of length 2')
  assert.is(check.describe(new Float64Array(3)), 'a Float64Array of length 3')
})

test('describe names classes by plain properties alone, and hostile objects call nothing', () => {
  const trap = () => {
    throw new Error('called')
  }
  class Named {}
  assert.is(check.describe(new Named()), 'a Named')
  assert.is(check.describe(new Map()), 'a Map')
  assert.is(check.describe(new Int8Array(2)), 'an Int8Array of length 2')
  assert.is(check.describe(new DataView(new ArrayBuffer(1))), 'a DataView')
  assert.is(check.describe(Object.create(null)), 'an object')
  assert.is(check.describe({ constructor: trap }), 'an object')
  assert.is(check.describe(Object.create(Object.defineProperty({}, 'constructor', { get: trap }))), 'an object')
  assert.is(check.describe(new Proxy({}, { getPrototypeOf: trap })), 'an object')
})

test('plain objects: literals, no prototype, other realms; nothing else', () => {
  const own = { a: 1 }
  assert.is(check.plainObject(own, 'x'), own)
  check.plainObject(Object.create(null), 'x')
  check.plainObject(runInNewContext('({ a: 1 })'), 'x')
  class Point {}
  const values = [undefined, null, 1, 'x', [], () => 1, new Map(), new Point(), Object.create(own), new Date()]
  for (const value of values) refuses(() => check.plainObject(value, 'x'), TypeError, /^x is .*; expected a plain/)
})

test('readOptions: a copy of the own properties', () => {
  const options = check.readOptions('Thing', { a: 1 }, ['a', 'b'])
  assert.equal(Object.entries(options), [['a', 1]])
  assert.is(Object.getPrototypeOf(options), null)
  assert.equal(Object.keys(check.readOptions('Thing', undefined, ['a'])), [])
  refuses(() => check.readOptions('Thing', null, ['a']), TypeError, /^Thing's options object is null/)
  refuses(() => check.readOptions('Thing', [1], ['a']), TypeError, /an array of length 1/)
})

test('readOptions: an unknown option lists the known ones, with a hint where there is one', () => {
  const read = (options: object) => () =>
    check.readOptions('Thing', options, ['learningRate', 'name'], { lr: 'use it' })
  refuses(read({ x: 1 }), TypeError, /^Thing has no option "x"; known options: learningRate, name$/)
  refuses(read({ lr: 1 }), TypeError, /^Thing has no option "lr"; use it; known/)
  refuses(read({ learning_rate: 1 }), TypeError, /^Thing has no option "learning_rate"; write learningRate; known/)
  for (const key of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
    refuses(read(JSON.parse(`{ "${key}": 1 }`)), TypeError, /^Thing has no option "\w+"; known/)
  }
  assert.is(({} as Record<string, unknown>).polluted, undefined)
})

test('settings come in the order of their rules, with what stands for options left out', () => {
  const rules: check.Rules<{ size: number; limit: number | null; isOn: boolean }> = {
    size: [check.positive],
    limit: [check.orNull(check.nonNegative)],
    isOn: [check.boolean, true],
  }
  const settings = check.settingsOf({ isOn: undefined, size: 2 }, rules)
  assert.equal(settings, { size: 2, limit: null, isOn: true })
  assert.equal(Object.keys(settings), ['size', 'limit', 'isOn'])
  assert.equal(check.settingsOf({ size: 1, limit: null, isOn: false }, rules), { size: 1, limit: null, isOn: false })
  assert.equal(check.settingsOf({ size: 1, limit: 3 }, rules), { size: 1, limit: 3, isOn: true })
  Object.defineProperty(Object.prototype, 'colour', { value: 'red', enumerable: true, configurable: true })
  try {
    assert.equal(Object.keys(check.settingsOf({ size: 2 }, rules)), ['size', 'limit', 'isOn'])
  } finally {
    Reflect.deleteProperty(Object.prototype, 'colour')
  }
  refuses(() => check.settingsOf({}, rules, 'Thing: '), TypeError, /^Thing: size is undefined; expected/)
  refuses(() => check.settingsOf({ size: 1, limit: -1 }, rules), RangeError, /^limit is -1; expected/)
  refuses(() => check.settingsOf({ size: 1, isOn: null }, rules), TypeError, /^isOn is null; expected/)
})

test('readOptions: of a misspelt option, what was probably meant', () => {
  const known = ['learningRate', 'absoluteThreshold', 'clipnorm', 'weightDecay', 'epsilon', 'name']
  for (const [written, meant] of [
    ['absolutThreshold', 'absoluteThreshold'],
    ['AbsoluteThreshold', 'absoluteThreshold'],
    ['learningrate', 'learningRate'],
    ['clipNorm', 'clipnorm'],
    ['weight_deacy', 'weightDecay'],
    ['epsilonn', 'epsilon'],
  ]) {
    const says = `Thing has no option "${written}"; did you mean ${meant}?; known options: learningRate, `
    refuses(() => check.readOptions('Thing', { [written]: 1 }, known), TypeError, says)
  }
  for (const far of ['momentum', 'x', 'nesterov', 'x'.repeat(1000)]) {
    refuses(() => check.readOptions('Thing', { [far]: 1 }, known), TypeError, /^Thing has no option "[^"]*"; known/)
  }
})

test.run()
