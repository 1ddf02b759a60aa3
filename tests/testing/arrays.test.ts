import { runInNewContext } from 'node:vm'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { boundViolation, type FloatArray } from '../../src/testing/index.ts'
import { refuses } from '../support/assertions.ts'

const test = suite('testing: the arrays of boundViolation')

const two = () => Float32Array.of(1, 2)

/** Calls it with what types would not allow. */
function call(before: unknown, after: unknown, accumulator: unknown): unknown {
  return boundViolation(before as FloatArray, after as FloatArray, accumulator as FloatArray)
}

test('arrays of another realm count like any other', () => {
  for (const name of ['Float32Array', 'Float64Array']) {
    const [before, after, accumulator] = runInNewContext(`[${name}.of(1), ${name}.of(2), ${name}.of(1)]`)
    assert.not.instance(before, Float32Array)
    assert.equal(boundViolation(before, after, accumulator)?.move, 1)
  }
})

test('a subclass counts like any other, whatever it calls itself', () => {
  class Weights extends Float32Array {
    override get [Symbol.toStringTag](): 'Float32Array' {
      return 'Weights' as 'Float32Array'
    }
    static get [Symbol.species](): Float32ArrayConstructor {
      throw new Error('nobody needs another array')
    }
  }
  assert.is(boundViolation(Weights.of(1), Weights.of(2), two().subarray(1))?.move, 1)
  refuses(() => call(Weights.of(1), Float64Array.of(2), Float64Array.of(1)), TypeError, 'one precision')
})

test('an object that only says it is a Float32Array is refused', () => {
  const pretender = { [Symbol.toStringTag]: 'Float32Array', length: 2, 0: 1, 1: 2 }
  refuses(() => call(pretender, two(), two()), TypeError, 'before is an object', 'Float32Array or a Float64Array')
})

test('views on shared memory, and parts of one buffer that do not overlap, are fine', () => {
  const memory = new Float32Array(new SharedArrayBuffer(24))
  memory.set([1, 2, 1.05, 3, 1, 1])
  const [first, second, third] = [memory.subarray(0, 2), memory.subarray(2, 4), memory.subarray(4)]
  assert.is(boundViolation(first, second, third)?.index, 1)
  assert.is(boundViolation(second, first, third)?.index, 1)
})

test('before and after in one memory are refused, and it says how to keep the weights', () => {
  const weights = two()
  const advice = ['const before = weights.slice()', 'same memory']
  refuses(() => call(weights, weights, two()), RangeError, ...advice)
  refuses(() => call(weights, new Float32Array(weights.buffer), two()), RangeError, ...advice)
  const longer = Float32Array.of(1, 2, 3)
  refuses(() => call(longer.subarray(0, 2), longer.subarray(1), two()), RangeError, ...advice)
})

test('what is no array of floats is refused by name, with the way out', () => {
  refuses(() => call([1, 2], two(), two()), TypeError, 'before is an array of length 2', 'weights.slice()')
  refuses(() => call(two(), [1, 2], two()), TypeError, 'after is an array of length 2', 'Float32Array.from(…)')
  refuses(() => call(two(), two(), undefined), TypeError, 'accumulator is undefined', 'Float32Array.from(…)')
  refuses(() => call(two(), two(), Int32Array.of(1, 2)), TypeError, 'accumulator is ')
  refuses(() => call(null, two(), two()), TypeError, 'before is null')
  refuses(() => call(new DataView(new ArrayBuffer(8)), two(), two()), TypeError, 'before is ')
})

test('mixed precisions are refused: a converted copy is not what the step wrote', () => {
  const double = Float64Array.of(1, 2)
  refuses(() => call(two(), double, two()), TypeError, 'after is a Float64Array', 'before a Float32Array', 'converted')
  refuses(() => call(two(), two(), double), TypeError, 'accumulator is a Float64Array', 'one precision')
})

test('unequal lengths are refused', () => {
  const one = Float32Array.of(1)
  refuses(() => call(two(), one, two()), RangeError, 'after has 1 values', 'before has 2', 'one value for each weight')
  refuses(() => call(two(), two(), one), RangeError, 'accumulator has 1 values', 'before has 2')
})

test('a number that is not finite is refused by place, wherever it stands', () => {
  for (const [at, name] of ['before', 'after', 'accumulator'].entries()) {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const arrays = [two(), two(), two()]
      arrays[at][1] = value
      refuses(() => call(arrays[0], arrays[1], arrays[2]), RangeError, `${name}[1] is ${value}; `)
    }
  }
  refuses(() => call(two(), Float32Array.of(9, Number.NaN), two()), RangeError, 'after[1]', 'a broken step')
})

test('an accumulator below −ε is refused, and the swap that may have led there is named', () => {
  refuses(() => call(two(), two().fill(3), Float32Array.of(1, -3)), RangeError, 'accumulator[1] is -3', 'swapped')
  // −ε itself gives a + ε = 0.
  const [before, after, accumulator] = [Float64Array.of(1), Float64Array.of(3), Float64Array.of(-0.5)]
  assert.is(boundViolation(before, after, accumulator, { epsilon: 0.5 })?.index, 0)
})

test('it only reads', () => {
  const arrays = [two(), two().fill(3), two()]
  for (const array of arrays) Object.preventExtensions(array)
  call(arrays[0], arrays[1], arrays[2])
  assert.equal(
    arrays.map((array) => [...array]),
    [
      [1, 2],
      [3, 3],
      [1, 2],
    ],
  )
})

test.run()
