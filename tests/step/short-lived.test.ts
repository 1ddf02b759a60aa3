import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { step } from '../../src/index.ts'
import { float32, float64 } from '../../src/step/precision.ts'
import { shortLived } from '../../src/step/short-lived.ts'
import { sameBits } from '../support/assertions.ts'
import { holds } from '../support/property.ts'

const test = suite('arrays for one step')

/** Makes an array of a kind: around the longest that is cut from a larger piece, and around the end of a piece. */
const orders = fc.record({
  make: fc.constantFrom(
    (length: number) => shortLived(length, Uint32Array),
    (length: number) => shortLived(length, float32.Kind),
    (length: number) => shortLived(length, float64.Kind),
  ),
  length: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 500, max: 1030 })),
})

test('an array is zeros at first, of the length and kind asked for, and no other array changes it', () => {
  const list = fc.array(orders, { minLength: 2, maxLength: 60 })
  holds(
    list,
    (made) => {
      const arrays = made.map(({ make, length }, k) => {
        const array = make(length)
        assert.is(array.length, length)
        assert.ok(array.every((value) => Object.is(value, 0)))
        return array.fill(k + 1)
      })
      arrays.forEach((array, k) => {
        assert.ok(
          array.every((value) => value === k + 1),
          `array ${k} of ${arrays.length}`,
        )
      })
    },
    200,
  )
  assert.instance(shortLived(3, Uint32Array), Uint32Array)
  assert.instance(shortLived(3, float32.Kind), Float32Array)
  assert.instance(shortLived(3, float64.Kind), Float64Array)
})

test('short arrays share a piece of memory, long ones have their own', () => {
  assert.is(shortLived(4, Uint32Array).buffer, shortLived(1024, Uint32Array).buffer)
  assert.is.not(shortLived(1025, Uint32Array).buffer, shortLived(1025, Uint32Array).buffer)
  assert.is(shortLived(1025, float32.Kind).buffer.byteLength, 4100)
  assert.is(shortLived(513, float64.Kind).buffer.byteLength, 4104)
})

test('an array that just fails to fit in what is left of a piece begins another one', () => {
  let before = shortLived(0, Uint32Array)
  for (const shift of [0, 1, 2, 3]) {
    // Arrays of 32 bytes that begin at a multiple of 32 fill a piece up; these of 8 make them end beside it.
    for (let k = 0; k < shift; k++) before = shortLived(2, Uint32Array)
    for (let k = 0; k < 2 ** 11; k++) {
      const next = shortLived(8, Uint32Array)
      if (next.buffer === before.buffer) assert.ok(next.byteOffset >= before.byteOffset + before.byteLength)
      before = next
    }
  }
})

test('where someone has transferred the piece to another thread, the next array is cut from a new one', () => {
  const buffer = shortLived(4, Uint32Array).buffer as ArrayBuffer
  structuredClone(buffer, { transfer: [buffer] })
  assert.equal([...shortLived(4, Uint32Array)], [0, 0, 0, 0])
  const [variable, accumulator] = [new Float32Array(6).fill(1), new Float32Array(6).fill(0.1)]
  const values = Float32Array.of(0.5, 0.5, 1, 1, 0.25, 0.25)
  step(variable, accumulator, { indices: [2, 0, 2], values }, { learningRate: 0.1 })
  sameBits(variable, Float32Array.of(0.9, 0.9, 1, 1, 0.925, 0.925), 'w')
})

test.run()
