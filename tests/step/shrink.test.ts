import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { shrinkByReferences } from '../../src/index.ts'
import { otherRealm } from '../support/realm.ts'

/** What the reference says of it is in tests/reference/shrink.test.ts. */
const test = suite('shrinkByReferences')

test('a scale that has lost its digits to subnormal numbers gives a result at once, within the limit', () => {
  for (const [value, limit] of [
    [2 ** 1000, 1.5 * 2 ** -74],
    [1e300, 8e-24],
    [Number.MAX_VALUE, 1e-15],
    [Number.MAX_VALUE, 5e-324],
    [1e10, 5e-324],
  ]) {
    for (const sign of [1, -1]) {
      const { shrunk, scale } = shrinkByReferences([sign * value, 0], [], [], limit)
      assert.ok(Math.abs(shrunk[0]) <= limit, `${value}: ${shrunk[0]} is over ${limit}`)
      assert.ok(scale >= 0 && scale < 1)
      assert.ok(Math.sign(shrunk[0]) !== -sign)
      assert.is(shrunk[1], 0)
    }
  }
})

test('float32 results are within a limit that float32 cannot hold', () => {
  for (let k = 0; k < 2000; k++) {
    const limit = 0.1 + k / 7001
    const { shrunk } = shrinkByReferences(Float32Array.of(3, -2.5, 1 + k / 1999), [], [], limit)
    for (const x of shrunk) assert.ok(Math.abs(x) <= limit, `${x} is over ${limit}`)
    assert.ok(Math.abs(shrunk[0]) >= limit * (1 - 2 ** -22))
  }
})

test('tensors of another realm count as what they are', () => {
  const single = otherRealm.Float32Array.of(0.5, 1)
  const { shrunk, scale } = shrinkByReferences(single, [otherRealm.Float64Array.of(1, 1)], [0.1], 0.1)
  assert.ok(shrunk instanceof Float32Array)
  assert.is(scale, 0.2)
})

test('it only reads', () => {
  const [tensor, reference] = [Float64Array.of(5, -6), Float64Array.of(1, 2)]
  const { shrunk } = shrinkByReferences(tensor, [reference], [0.5], 0)
  assert.equal([...tensor, ...reference], [5, -6, 1, 2])
  assert.is.not(shrunk, tensor)
})

test.run()
