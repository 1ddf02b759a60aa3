import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { allocate, kernel, step } from '../../src/index.ts'
import { homeOf } from '../../src/step/loops/in-place.ts'
import { refuses, sameBits, sameNumber } from '../support/assertions.ts'
import { precisions } from '../support/precision.ts'

const test = suite('allocate')

for (const precision of precisions) {
  const Kind = precision === 'float32' ? Float32Array : Float64Array

  test(`it gives three zeroed arrays of the length asked for that do not overlap (${precision})`, () => {
    for (const length of [0, 1, 1000, 20_000]) {
      const { variable, accumulator, gradient } = allocate(length, { precision })
      const arrays = [variable, accumulator, gradient]
      for (const array of arrays) {
        assert.is(array.constructor, Kind)
        assert.is(array.length, length)
        assert.ok(array.every((x: number) => x === 0))
      }
      arrays.forEach((array, k) => {
        array.fill(k + 1)
      })
      arrays.forEach((array, k) => {
        assert.ok(array.every((x: number) => x === k + 1))
      })
    }
  })

  test(`its arrays lie side by side in the memory of a kernel of their own (${precision})`, () => {
    const { variable, accumulator, gradient } = allocate(2000, { precision })
    const isInKernel = kernel() === 'simd'
    assert.is(homeOf(variable.buffer) !== undefined, isInKernel)
    if (!isInKernel) return
    const bytes = 2000 * Kind.BYTES_PER_ELEMENT
    assert.ok(accumulator.buffer === variable.buffer && gradient.buffer === variable.buffer)
    assert.equal([variable.byteOffset, accumulator.byteOffset, gradient.byteOffset], [0, bytes, 2 * bytes])
    // Behind them there is room for a whole block of a gradient that lies elsewhere.
    const home = homeOf(variable.buffer)
    assert.is(home?.scratchOffset, 3 * bytes)
    assert.ok(variable.buffer.byteLength >= 3 * bytes + 16_384 * Kind.BYTES_PER_ELEMENT)
    assert.is.not(allocate(2000, { precision }).variable.buffer, variable.buffer)
  })
}

test('it is float32 unless told otherwise', () => {
  assert.ok(allocate(1).variable instanceof Float32Array)
  assert.ok(allocate(1, {}).variable instanceof Float32Array)
  assert.ok(allocate(1, { precision: undefined }).variable instanceof Float32Array)
})

test('a bad length, precision or option is refused', () => {
  for (const length of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    refuses(() => allocate(length), RangeError, 'length', String(length))
  }
  refuses(() => allocate('1' as unknown as number), TypeError, 'length', '"1"')
  refuses(() => allocate(1, { precision: 'float16' as 'float32' }), RangeError, 'float16', "'float32' or 'float64'")
  refuses(() => allocate(1, { length: 2 } as object), TypeError, 'allocate has no option "length"', 'precision')
})

test('views of another precision on an allocation are arrays like any other', () => {
  const { variable, accumulator } = allocate(4000)
  const [w, a] = [variable, accumulator].map(({ buffer, byteOffset }) => new Float64Array(buffer, byteOffset, 2000))
  w.fill(1)
  a.fill(0.1)
  const [plainW, plainA] = [w.slice(), a.slice()]
  const gradient = Float64Array.from({ length: 2000 }, (_, i) => Math.sin(i))
  const factor = step(w, a, gradient, { learningRate: 0.1 })
  sameNumber(step(plainW, plainA, gradient, { learningRate: 0.1 }), factor, 'the factor')
  sameBits(w, plainW, 'the variable')
  sameBits(a, plainA, 'the accumulator')
})

test.run()
