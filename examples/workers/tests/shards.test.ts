import { allocate } from 'clippy-adagrad'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { shardOf } from '../sharded/shards.ts'
import { PRECISIONS } from './support.ts'

const test = suite('workers: shards')

for (const precision of PRECISIONS) {
  test(`shards cover the three arrays in order, without a gap, and share no cache line of 64 bytes: ${precision}`, () => {
    for (const length of [0, 1, 15, 16, 17, 100, 10_007]) {
      for (const threads of [1, 2, 3, 5]) {
        const arrays = allocate(length, { precision })
        const shards = Array.from({ length: threads }, (_, rank) => shardOf(arrays, rank, threads))
        for (const role of ['variable', 'accumulator', 'gradient'] as const) {
          let from = 0
          for (const shard of shards) {
            const start = (shard[role].byteOffset - arrays[role].byteOffset) / shard[role].BYTES_PER_ELEMENT
            assert.is(start, from)
            assert.ok(start === length || (start * shard[role].BYTES_PER_ELEMENT) % 64 === 0)
            assert.is(shard[role].buffer, arrays[role].buffer)
            from += shard[role].length
          }
          assert.is(from, length)
        }
      }
    }
  })
}

test('shards are about as long as each other', () => {
  const lengths = [0, 1, 2].map((rank) => shardOf(allocate(100), rank, 3).variable.length)
  assert.equal(lengths, [32, 32, 36])
})

test.run()
