import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ClippyAdagrad, type Gradient, Variable } from '../../src/index.ts'
import { refuses, sameBits } from '../support/assertions.ts'
import { arrayOf, precisions } from '../support/precision.ts'
import { throwsKind } from './support/refusal.ts'

// What a refused step must not leave behind.
const test = suite('refused steps')

test('a NaN that is put right after the first step was refused is nowhere in the averages', () => {
  for (const precision of precisions) {
    const weights = arrayOf(precision, [1, Number.NaN])
    const gradient = arrayOf(precision, [1, 1])
    const optimizer = new ClippyAdagrad({ useEma: true, emaOverwriteFrequency: 1, absoluteThreshold: 1 })
    throwsKind(() => optimizer.applyGradients([[gradient, weights]]), RangeError, 'NaN')
    weights[1] = 1
    optimizer.applyGradients([[gradient, weights]])
    for (const { name, value } of optimizer.variables) assert.ok(value.every(Number.isFinite), name)
    assert.ok(weights.every(Number.isFinite))
  }
})

test('a first step that is refused makes no slots, and another list of variables may come next', () => {
  const [first, second] = [Float64Array.of(1), Float64Array.of(2)]
  const optimizer = new ClippyAdagrad({ useEma: true, exportClippingFactors: true })
  throwsKind(() => optimizer.applyGradients([[Float64Array.of(Number.NaN), first]]), RangeError)
  assert.is(optimizer.built, false)
  assert.is(optimizer.variables.length, 1)
  assert.equal(optimizer.clippingFactors, [])
  optimizer.iterations = 5
  const pairs = [second, first].map((variable) => [Float64Array.of(1), variable] as const)
  assert.is(optimizer.applyGradients(pairs), 6)
  assert.is(optimizer.clippingFactors.length, 2)
})

test('a NaN that is put right after build, or after a skipped first step, is nowhere in the averages', () => {
  for (const isSkipped of [true, false]) {
    const weights = Float32Array.of(Number.NaN)
    const optimizer = new ClippyAdagrad({ useEma: true, nonFiniteGradients: 'skip' })
    const start = () =>
      isSkipped ? optimizer.applyGradients([[Float32Array.of(Number.NaN), weights]]) : optimizer.build([weights])
    refuses(start, RangeError, 'variable[0] is NaN')
    weights[0] = 1
    optimizer.applyGradients([[Float32Array.of(1), weights]])
    for (const { name, value } of optimizer.variables) assert.ok(value.every(Number.isFinite), name)
  }
})

// A NaN put into the gradient here would show the same, but a stale decision would not come to an end with it.

test('updateStep after a refused step decides anew, with the rate and state of then', () => {
  const [first, second] = [new Variable(Float64Array.of(1), { name: 'first' }), new Variable(Float64Array.of(1))]
  const optimizer = new ClippyAdagrad({ learningRate: 1 })
  optimizer.build([first, second])
  const gradient = Float64Array.of(1)
  const refused = () =>
    optimizer.applyGradients([
      [gradient, first],
      [Float64Array.of(Number.NaN), second],
    ])
  throwsKind(refused, RangeError)
  optimizer.learningRate = 1e-3
  optimizer.updateStep(gradient, first)
  assert.is(first.value[0], 1 - 1e-3 / Math.sqrt(0.1 + 1e-7))
})

test('an updateStep that throws half-way leaves no decision about the variables after it', () => {
  class Failing extends ClippyAdagrad {
    failsAt = ''

    override updateStep(gradient: Gradient, variable: Variable): void {
      if (variable.name === this.failsAt) throw new Error('no connection')
      super.updateStep(gradient, variable)
    }
  }
  const [first, second] = ['first', 'second'].map((name) => new Variable(Float64Array.of(1), { name }))
  const optimizer = new Failing({ learningRate: 1 })
  optimizer.build([first, second])
  const gradient = Float64Array.of(1)
  optimizer.failsAt = 'first'
  const step = () =>
    optimizer.applyGradients([
      [gradient, first],
      [gradient, second],
    ])
  throwsKind(step, Error, 'no connection')
  optimizer.learningRate = 1e-3
  optimizer.updateStep(gradient, second)
  assert.is(second.value[0], 1 - 1e-3 / Math.sqrt(0.1 + 1e-7))
})

test('two views of the same memory are the same variable twice: a RangeError, and nothing has moved', () => {
  for (const precision of precisions) {
    const whole = arrayOf(precision, [1, 2, 3, 4])
    const gradient = arrayOf(precision, [1, 1])
    for (const other of [whole.subarray(0, 2), whole.subarray(1, 3), new Variable(whole.subarray(1, 3))]) {
      const before = whole.slice()
      const optimizer = new ClippyAdagrad({ learningRate: 1 })
      const call = () =>
        optimizer.applyGradients([
          [gradient, whole.subarray(0, 2)],
          [gradient, other],
        ])
      throwsKind(call, RangeError)
      sameBits(whole, before, 'the memory of both')
    }
  }
})

test('views of one buffer that lie side by side are two variables', () => {
  const whole = Float32Array.of(1, 2, 3, 4)
  const optimizer = new ClippyAdagrad({ learningRate: 1 })
  const gradient = Float32Array.of(1, 1)
  optimizer.applyGradients([
    [gradient, whole.subarray(2)],
    [gradient, whole.subarray(0, 2)],
  ])
  assert.ok(whole.every((w, i) => w < i + 1))
})

test.run()
