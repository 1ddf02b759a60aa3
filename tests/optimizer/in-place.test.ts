import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { allocate, ClippyAdagrad, kernel, Variable } from '../../src/index.ts'
import { refuses, sameBits } from '../support/assertions.ts'

const test = suite('large variables')

const SIZE = 20_000
const wave = (scale: number) => Array.from({ length: SIZE }, (_, i) => Math.fround(scale * (1.5 + Math.sin(i))))

test('a large variable made from numbers lives beside its accumulator and gradient, and trains to the same bits', () => {
  const made = new Variable(wave(1))
  const given = new Variable(Float32Array.from(wave(1)))
  const [one, other] = [made, given].map((variable) => {
    const optimizer = new ClippyAdagrad({ learningRate: 0.1 })
    for (let i = 0; i < 3; i++) {
      variable.gradient.set(wave(0.01))
      optimizer.applyGradients([[variable.gradient, variable]])
    }
    return optimizer
  })
  sameBits(made.value, given.value, 'the variable')
  const [accumulator, expected] = [one.variables[1].value, other.variables[1].value]
  sameBits(accumulator, expected, 'the accumulator')
  const isShared = made.value.buffer === accumulator.buffer && made.value.buffer === made.gradient.buffer
  assert.is(isShared, kernel() === 'simd')
})

test('a second optimizer of the same large variable has an accumulator of its own', () => {
  const variable = new Variable(0.5, { shape: [SIZE] })
  const [one, other] = [new ClippyAdagrad(), new ClippyAdagrad({ initialAccumulatorValue: 0.5 })]
  one.build([variable])
  other.build([variable])
  assert.is(one.variables[1].value[0], Math.fround(0.1))
  assert.is(other.variables[1].value[0], 0.5)
})

test('a number fills the shape it is given', () => {
  const variable = new Variable(0.25, { shape: [2, 3] })
  assert.equal(variable.value, new Float32Array(6).fill(0.25))
  assert.equal(new Variable(3).shape, [])
})

test('a gradient array is there for small variables and raw arrays too', () => {
  for (const variable of [new Variable([1, 2]), new Variable(Float64Array.of(1, 2))]) {
    assert.is(variable.gradient, variable.gradient)
    assert.is(variable.gradient.constructor, variable.value.constructor)
    assert.is(variable.gradient.length, 2)
  }
})

test('allocate gives zeroed arrays of the length and precision asked for', () => {
  for (const precision of ['float32', 'float64'] as const) {
    for (const length of [0, 1, 1000]) {
      const arrays = Object.values(allocate(length, { precision }))
      for (const array of arrays) {
        assert.is(array.constructor, precision === 'float32' ? Float32Array : Float64Array)
        assert.is(array.length, length)
        assert.ok(array.every((x: number) => x === 0))
      }
    }
  }
  refuses(() => allocate(-1), RangeError, '-1')
  refuses(() => allocate(1.5), RangeError, '1.5')
  refuses(() => allocate(1, { precision: 'float16' as 'float32' }), RangeError, 'float16')
})

test('allocations that are dropped do not add up', () => {
  const grownBy = (cycles: number) => {
    const before = process.memoryUsage().rss
    for (let i = 0; i < cycles; i++) allocate(SIZE).variable[0] = 1
    return process.memoryUsage().rss - before
  }
  grownBy(500)
  // 5,000 of them would be 1.2 GB.
  assert.ok(grownBy(5000) < 400e6)
})

test.run()
