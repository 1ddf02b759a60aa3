import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  ClippyAdagrad,
  type ClippyAdagradOptions,
  ExponentialDecay,
  type GradientAndVariable,
  type Store,
  Variable,
} from '../../../src/index.ts'
import { refuses, sameBits, word } from '../../support/assertions.ts'
import { fails, untouched } from '../../support/untouched.ts'

// What the reference does with its state, row by row: each test says what we do.
const test = suite('reference/tables: state')

/** Two variables after a step with everything on that has state. */
function trained(options: ClippyAdagradOptions = {}) {
  const kernel = new Variable([1, -2], { name: 'kernel' })
  const bias = new Variable(Float64Array.of(0.5), { name: 'bias' })
  const optimizer = new ClippyAdagrad({ learningRate: 0.5, useEma: true, exportClippingFactors: true, ...options })
  const pairs: GradientAndVariable[] = [
    [Float32Array.of(1, 2), kernel],
    [Float64Array.of(3), bias],
  ]
  optimizer.applyGradients(pairs)
  return { optimizer, pairs, values: [kernel.value, bias.value] }
}

const decayingRate = new ExponentialDecay({ initialLearningRate: 0.8, decaySteps: 1, decayRate: 0.5 })

test('setWeights before build is an Error, with a wrong shape a RangeError, and nothing is assigned', () => {
  const { optimizer, values } = trained()
  const weights = optimizer.variables.map(({ value }) => value.map((x) => x + 1))
  fails(() => new ClippyAdagrad().setWeights(weights), 'setWeights', 'build')
  untouched(optimizer, values, () => {
    const wrong = [...weights.slice(0, -1), new Float64Array(2)]
    refuses(() => optimizer.setWeights(wrong), RangeError, 'clipping_factor/bias', 'length 2')
    const precision = [...weights.slice(0, 3), Float64Array.of(0.1, 0.2), ...weights.slice(4)]
    refuses(() => optimizer.setWeights(precision), RangeError, 'accumulator/kernel[0]', '0.1', 'Float32Array')
  })
  optimizer.setWeights(weights)
  for (const [k, { value, name }] of optimizer.variables.entries()) sameBits(value, weights[k], name)
})

test('setWeights with a wrong count is a RangeError, and nothing is assigned', () => {
  const { optimizer, values } = trained()
  const weights = optimizer.variables.map(({ value }) => value.map((x) => x + 1))
  untouched(optimizer, values, () => {
    for (const wrong of [[], weights.slice(0, 1), weights.slice(0, -1), [...weights, new Float32Array(1)]]) {
      refuses(() => optimizer.setWeights(wrong), RangeError, String(wrong.length), String(weights.length))
    }
  })
})

test('learningRate = number under a schedule is a TypeError', () => {
  const optimizer = new ClippyAdagrad({ learningRate: decayingRate })
  refuses(
    () => {
      optimizer.learningRate = 0.1
    },
    TypeError,
    'learningRate',
    'schedule',
    '0.1',
  )
  assert.is(optimizer.learningRate, 0.8)
  const plain = new ClippyAdagrad()
  plain.learningRate = 0.1
  assert.is(plain.learningRate, 0.1)
})

test('reading learningRate under a schedule gives what the next step will use', () => {
  const optimizer = new ClippyAdagrad({ learningRate: decayingRate })
  const w = Float32Array.of(1)
  for (const rate of [0.8, 0.4, 0.2]) {
    assert.is(optimizer.learningRate, rate)
    optimizer.applyGradients([[Float32Array.of(1), w]])
  }
})

test('iterations = … is an Error after build; before it, steps count from there, in the saved state too', () => {
  const { optimizer, values } = trained()
  untouched(optimizer, values, () => {
    fails(
      () => {
        optimizer.iterations = 5
      },
      'iterations',
      'build',
    )
  })
  const fresh = new ClippyAdagrad({ learningRate: decayingRate })
  fresh.iterations = 2
  assert.is(fresh.learningRate, 0.2)
  const w = Float32Array.of(1)
  fresh.build([w])
  const store: Store = {}
  fresh.saveOwnVariables(store)
  assert.equal(store[0], Float64Array.of(2))
  assert.is(fresh.applyGradients([[Float32Array.of(1), w]]), 3)
  const resumed = new ClippyAdagrad({ learningRate: decayingRate })
  resumed.build([w])
  resumed.loadOwnVariables(store)
  assert.is(resumed.iterations, 2)
})

test('excludeFromWeightDecay after build is an Error', () => {
  const { optimizer, values } = trained()
  untouched(optimizer, values, () => {
    fails(() => optimizer.excludeFromWeightDecay({ varNames: ['bias'] }), 'excludeFromWeightDecay', 'build')
  })
})

test('varNames are regular expressions searched in the plain name: bias$ matches; a bad one fails at once; a RegExp will do', () => {
  for (const pattern of ['bias$', /BIAS$/i]) {
    const optimizer = new ClippyAdagrad({ learningRate: 1, weightDecay: 0.5 })
    optimizer.excludeFromWeightDecay({ varNames: [pattern] })
    const [bias, kernel] = ['dense/bias', 'dense/kernel'].map((name) => new Variable([8], { name }))
    optimizer.applyGradients([
      [Float32Array.of(0), bias],
      [Float32Array.of(0), kernel],
    ])
    assert.equal([bias.value[0], kernel.value[0]], [8, 4])
  }
  refuses(() => new ClippyAdagrad().excludeFromWeightDecay({ varNames: ['[bias'] }), RangeError, '[bias')
})

test('loadOwnVariables with another count is a RangeError, and nothing is loaded', () => {
  const { optimizer, values } = trained()
  const store: Store = {}
  optimizer.saveOwnVariables(store)
  const { 0: _iteration, ...fewer } = store
  optimizer.applyGradients([[Float64Array.of(1), values[1]]])
  untouched(optimizer, values, () => {
    for (const [other, count] of [
      [{}, 0],
      [fewer, 6],
      [{ ...store, 7: new Float32Array(1) }, 8],
    ] as const) {
      refuses(() => optimizer.loadOwnVariables(other), RangeError, word(count), word(7))
    }
  })
  optimizer.loadOwnVariables(store)
  assert.is(optimizer.iterations, 1)
})

test('finalizeVariableValues does nothing without EMA, and overwrites the variables with the averages with it', () => {
  const plain = trained({ useEma: false })
  untouched(plain.optimizer, plain.values, () => plain.optimizer.finalizeVariableValues(plain.values))
  const { optimizer, values } = trained()
  optimizer.finalizeVariableValues(values)
  values.forEach((value, k) => {
    sameBits(value, optimizer.variables[1 + k].value, `variable ${k}`)
  })
})

test('variables are the iteration, all averages, then accumulator and clipping factor interleaved, named after the optimizer; a factor is 0 before its first step', () => {
  const { optimizer, values } = trained({ name: 'mine' })
  assert.equal(
    optimizer.variables.map(({ name }) => name),
    [
      'iteration',
      'mine/average/kernel',
      'mine/average/bias',
      'mine/accumulator/kernel',
      'mine/clipping_factor/kernel',
      'mine/accumulator/bias',
      'mine/clipping_factor/bias',
    ],
  )
  const fresh = new ClippyAdagrad({ exportClippingFactors: true })
  fresh.build(values)
  assert.equal(fresh.clippingFactors, [0, 0])
  assert.equal(fresh.variables[2].value, Float64Array.of(0))
})

test('clippingFactors is [] without export and before build', () => {
  assert.equal(new ClippyAdagrad({ exportClippingFactors: true }).clippingFactors, [])
  const { optimizer } = trained({ exportClippingFactors: false })
  assert.equal(optimizer.clippingFactors, [])
})

test.run()
