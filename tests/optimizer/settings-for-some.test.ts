import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ClippyAdagrad, type ClippyAdagradOptions, type Override, step, Variable } from '../../src/index.ts'
import { refuses, sameBits } from '../support/assertions.ts'
import { fails } from '../support/untouched.ts'
import { warningsOf } from './support/quiet.ts'

// overrides: settings for the variables that patterns find.
const test = suite('optimizer: settings for some variables')

const plain: ClippyAdagradOptions = { learningRate: 0.1, absoluteThreshold: Infinity, globalClipnorm: 1 }

/** Where one step takes two weights of 1, under one global norm. */
function stepped(options: ClippyAdagradOptions): [Variable<Float64Array>, Variable<Float64Array>] {
  const first = new Variable(Float64Array.of(1, 1), { name: 'first' })
  const second = new Variable(Float64Array.of(1, 1), { name: 'second' })
  new ClippyAdagrad({ ...plain, ...options }).applyGradients([
    [Float64Array.of(3, 0), first],
    [Float64Array.of(0, 4), second],
  ])
  return [first, second]
}

const isClose = (actual: number, expected: number) => assert.ok(Math.abs(actual - expected) < 1e-6, `${actual}`)

test('a multiplier of 0.5 halves the move of its variable, and the one norm is that of all', () => {
  const [first, second] = stepped({})
  isClose(first.value[0], 0.810263)
  isClose(second.value[1], 0.747018)
  const [same, half] = stepped({ overrides: [{ varNames: ['second'], learningRateMultiplier: 0.5 }] })
  sameBits(same.value, first.value, 'first')
  isClose(1 - half.value[1], (1 - second.value[1]) / 2)
})

test('thresholds, rate and weight decay of a variable are those of a step with them', () => {
  const override = {
    learningRateMultiplier: 2,
    variableRelativeThreshold: 0.5,
    accumulatorRelativeThreshold: 0.001,
    absoluteThreshold: 0.02,
    weightDecay: 0.25,
  }
  const optimizer = new ClippyAdagrad({ learningRate: 0.1, overrides: [{ varNames: [/^b/], ...override }] })
  const [a, b] = [new Variable([1, 0], { name: 'a' }), new Variable([1, 0], { name: 'b' })]
  const g = Float32Array.of(1, -1)
  const explained = optimizer.explain([
    [g, a],
    [g, b],
  ])
  warningsOf(() => {
    optimizer.applyGradients([
      [g, a],
      [g, b],
    ])
  })
  const { learningRateMultiplier: _rate, weightDecay: _decay, ...thresholds } = override
  const [w, v] = [Float32Array.of(1, 0), Float32Array.of(1 - Math.fround(0.25) * Math.fround(0.2), 0)]
  const factors = [
    step(w, new Float32Array(2).fill(0.1), g, { learningRate: 0.1 }),
    step(v, new Float32Array(2).fill(0.1), g, { learningRate: 0.2, ...thresholds }),
  ]
  sameBits(a.value, w, 'a')
  sameBits(b.value, v, 'b')
  assert.equal(
    explained.map(({ factor }) => factor),
    factors,
  )
})

test('variables that differ in one threshold, or in nothing but precision, keep their own from step to step', () => {
  const learningRate = 0.5
  const thresholds = { narrow: 0.01, wide: 0.03, double: 0.02, single: 0.02 }
  const optimizer = new ClippyAdagrad({
    learningRate,
    absoluteThreshold: 0.02,
    overrides: [
      { varNames: ['narrow'], absoluteThreshold: thresholds.narrow },
      { varNames: ['wide'], absoluteThreshold: thresholds.wide },
    ],
  })
  const parts = Object.entries(thresholds).map(([name, absoluteThreshold]) => {
    const arrayOf = (...values: number[]) => (name === 'double' ? Float64Array.from(values) : Float32Array.from(values))
    const expected = { variable: arrayOf(1, 0), accumulator: arrayOf(0.1, 0.1) }
    const variable = new Variable(arrayOf(1, 0), { name })
    return { variable, gradient: arrayOf(1, -1), expected, options: { learningRate, absoluteThreshold } }
  })
  for (let n = 0; n < 3; n++) {
    optimizer.applyGradients(parts.map(({ gradient, variable }) => [gradient, variable]))
    for (const { variable, gradient, expected, options } of parts) {
      step(expected.variable, expected.accumulator, gradient, options)
      sameBits(variable.value, expected.variable, variable.name)
    }
  }
})

test('of several that match, the last that gives a setting gives it', () => {
  const overrides: Override[] = [
    { varNames: ['second'], learningRateMultiplier: 3, weightDecay: 1 },
    { varNames: ['sec', 'nothing'], learningRateMultiplier: 0.5 },
    { varNames: ['first'], learningRateMultiplier: 7 },
  ]
  warningsOf(() => {
    const [, one] = stepped({ overrides })
    const [, other] = stepped({ overrides: [{ varNames: [/SECOND/gi], learningRateMultiplier: 0.5, weightDecay: 1 }] })
    sameBits(one.value, other.value, 'second')
  })
})

test('a variable that is excluded does not decay, whatever an override says', () => {
  const w = new Variable([1], { name: 'w' })
  const optimizer = new ClippyAdagrad({ learningRate: 1, overrides: [{ varNames: ['w'], weightDecay: 0.5 }] })
  optimizer.excludeFromWeightDecay({ varNames: ['w'] })
  optimizer.applyGradients([[Float32Array.of(0), w]])
  assert.is(w.value[0], 1)
})

test('they are part of the config, RegExp and Infinity too, and where there are none the config does not name them', () => {
  const overrides: Override[] = [
    { varNames: ['bias$', /KERNEL/i], absoluteThreshold: Infinity, learningRateMultiplier: 0.5 },
    { varNames: ['^emb'], weightDecay: 0, variableRelativeThreshold: 0.25, accumulatorRelativeThreshold: 1 },
  ]
  const optimizer = new ClippyAdagrad({ overrides })
  const read = ClippyAdagrad.fromConfig(JSON.parse(JSON.stringify(optimizer.getConfig())))
  assert.equal(read.getConfig(), optimizer.getConfig())
  assert.equal(read.overrides, optimizer.overrides)
  assert.not('overrides' in new ClippyAdagrad().getConfig())
  assert.not('overrides' in new ClippyAdagrad({ overrides: [] }).toJSON().config)
  fails(() => JSON.stringify(optimizer), 'overrides', 'getConfig')
})

test('bad patterns, unknown settings and wrong values are refused, and say where', () => {
  const bad: ReadonlyArray<[unknown, typeof RangeError | typeof TypeError, ...string[]]> = [
    [3, TypeError, 'overrides', '3'],
    [[3], TypeError, 'overrides[0]', '3'],
    [[{}], TypeError, 'overrides[0].varNames', 'undefined'],
    [[{ varNames: 'bias' }], TypeError, 'overrides[0].varNames', '"bias"'],
    [[{ varNames: [] }], TypeError, 'overrides[0].varNames'],
    [[{ varNames: ['('] }], RangeError, 'overrides[0].varNames[0]', '('],
    [[{ varNames: ['x', 3] }], TypeError, 'overrides[0].varNames[1]', '3'],
    [[{ varNames: [{ source: 1 }] }], TypeError, 'overrides[0].varNames[0]'],
    [[{ varNames: ['x'] }, { varNames: ['x'], epsilon: 1 }], TypeError, 'overrides[1]', '"epsilon"'],
    [[{ varNames: ['x'], absolutThreshold: 1 }], TypeError, 'did you mean absoluteThreshold?'],
    [[{ varNames: ['x'], weightDecay: -1 }], RangeError, 'overrides[0].weightDecay', '-1'],
    [[{ varNames: ['x'], learningRateMultiplier: Infinity }], RangeError, 'overrides[0].learningRateMultiplier'],
    [[{ varNames: ['x'], absoluteThreshold: Number.NaN }], RangeError, 'absoluteThreshold', 'NaN'],
  ]
  for (const [overrides, kind, ...words] of bad) {
    refuses(() => new ClippyAdagrad({ overrides: overrides as Override[] }), kind, ...words)
  }
})

test('a pattern that finds no variable at build: a warning, once, that lists the names there are', () => {
  const optimizer = new ClippyAdagrad({ overrides: [{ varNames: ['w', 'bais'], learningRateMultiplier: 0.5 }] })
  const warnings = warningsOf(() => {
    optimizer.build([new Variable([1], { name: 'w' }), new Variable([1], { name: 'bias' })])
    optimizer.extend([new Variable([1], { name: 'more' })])
  })
  assert.is(warnings.length, 1)
  for (const word of ['bais', 'w, bias']) assert.ok(warnings[0].includes(word), warnings[0])
})

test.run()
