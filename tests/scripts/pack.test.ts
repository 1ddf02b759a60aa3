import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { pack } from '../../scripts/pack.ts'
import { KERNEL } from '../../src/step/loops/kernel-bytes.ts'
import { unpack } from '../../src/step/loops/unpack.ts'

/** The packed form in which the SIMD kernel is published. */
const test = suite('scripts: pack')

/** Bytes with many repetitions, near and far, long and overlapping. */
const repetitive = fc
  .array(fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 12 })), { maxLength: 12 })
  .map((parts) => Uint8Array.from(parts.flatMap(([bytes, times]) => repeated([...bytes], times))))

test('bytes are unpacked as they were packed', () => {
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 400 }), repetitive), (bytes) => {
      assert.equal(unpack(pack(bytes)), bytes)
    }),
    { numRuns: 100 },
  )
})

test('so are the longest runs of new bytes and of repeated ones, and the nearest and furthest repetitions', () => {
  const distinct = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 167 + (i >> 8) * 91) & 255)
  for (const length of [0, 1, 6, 7, 8, 261, 262, 263, 600]) {
    assert.equal(unpack(pack(distinct(length))), distinct(length), `${length} distinct`)
  }
  for (const length of [6, 7, 8, 261, 262, 263, 264, 600]) {
    const bytes = Uint8Array.from({ length }, (_, i) => Math.abs(Math.sin(i * i + 1)) * 1e6)
    const packed = pack(bytes)
    assert.ok(packed.length > length, 'nothing is repeated')
    assert.equal(unpack(packed), bytes, `${length} without repetition`)
  }
  for (const length of [3, 4, 32, 33, 34, 35, 287, 288, 289, 290, 600]) {
    assert.equal(unpack(pack(new Uint8Array(length))), new Uint8Array(length), `${length} zeros`)
  }
  for (const gap of [127, 128, 129, 255, 256, 1000]) {
    const bytes = Uint8Array.from([1, 2, 3, 4, 5, ...distinct(gap - 5).fill(0), 1, 2, 3, 4, 5])
    assert.equal(unpack(pack(bytes)), bytes, `${gap} back`)
  }
})

test('repetitions are written as such', () => {
  assert.equal([...pack(Uint8Array.of(7, 8, 9, 7, 8, 9, 7))], [(3 << 5) | 2, 7, 8, 9, 3])
  assert.equal([...pack(Uint8Array.of(7, 8, 9))], [3 << 5, 7, 8, 9])
  // The second one lies as far back as the first, which is written as 0.
  assert.equal([...pack(Uint8Array.of(5, 5, 5, 5, 5, 1, 1, 1, 1, 1))], [(1 << 5) | 2, 5, 1, (1 << 5) | 2, 1, 0])
})

test('the kernel unpacks to WebAssembly at least twice as long', () => {
  const packed = Buffer.from(KERNEL, 'base64')
  const bytes = unpack(packed)
  if (typeof WebAssembly !== 'undefined') new WebAssembly.Module(bytes)
  assert.ok(bytes.length > 2 * packed.length, `${packed.length} bytes for ${bytes.length}`)
})

test.run()

function repeated(bytes: readonly number[], times: number): number[] {
  return Array.from({ length: times }, () => bytes).flat()
}
