import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { cuts, shared } from '../shards.ts'

const test = suite('workers: shards')

test('shards cover the variable in order and without a gap', () => {
  for (const length of [0, 1, 15, 16, 17, 100, 10_007]) {
    for (const shards of [1, 2, 3, 5]) {
      const ends = cuts(new Float32Array(length), shards)
      assert.is(ends.length, shards + 1)
      assert.is(ends[0], 0)
      assert.is(ends[shards], length)
      assert.equal(
        ends,
        [...ends].sort((a, b) => a - b),
      )
    }
  }
})

test('no two shards share a cache line of 64 bytes', () => {
  assert.equal(cuts(new Float32Array(100), 3), [0, 32, 64, 100])
  assert.equal(cuts(new Float64Array(100), 3), [0, 32, 64, 100])
  for (const end of cuts(new Float64Array(10_007), 5).slice(0, -1)) assert.is(end % 8, 0)
})

test('a number of shards that is not a whole one above 0 is refused', () => {
  for (const shards of [0, -1, 1.5, Number.NaN]) assert.throws(() => cuts(new Float32Array(9), shards), /whole number/)
})

test('shared memory starts as a copy of the values', () => {
  const values = Float64Array.of(1, -0, 3)
  const copy = shared(values)
  assert.instance(copy.buffer, SharedArrayBuffer)
  assert.equal(copy, values)
  copy[0] = 5
  assert.is(values[0], 1)
})

test.run()
