import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { seededRandom, shuffledIndices } from '../../../examples/adult/random.ts'

const test = suite('adult: random')

test('the generator gives the numbers of the published mulberry32', () => {
  // Tommy Ettinger's mulberry32 (public domain), worked out with Python's integers from state 42.
  const random = seededRandom(42)
  assert.equal(
    [random(), random(), random()].map((value) => value * 2 ** 32),
    [2581720956, 1925393290, 3661312704],
  )
})

test('the same seed shuffles in the same way, and another seed in another way', () => {
  const shuffled = (seed: number) => [...shuffledIndices(1000, seededRandom(seed))]
  assert.equal(shuffled(7), shuffled(7))
  assert.not.equal(shuffled(7), shuffled(8))
})

test('a second shuffle from the same generator differs from the first', () => {
  const random = seededRandom(7)
  assert.not.equal([...shuffledIndices(1000, random)], [...shuffledIndices(1000, random)])
})

test('a shuffle keeps every index exactly once', () => {
  fc.assert(
    fc.property(fc.nat(300), fc.integer(), (length, seed) => {
      const sorted = shuffledIndices(length, seededRandom(seed)).sort()
      assert.equal([...sorted], [...Array(length).keys()])
    }),
  )
})

test('every order of three comes up about equally often', () => {
  const random = seededRandom(1)
  const counts = new Map<string, number>()
  for (let round = 0; round < 6000; round++) {
    const order = shuffledIndices(3, random).join()
    counts.set(order, (counts.get(order) ?? 0) + 1)
  }
  assert.is(counts.size, 6)
  // The standard deviation of each count is 29: five of them.
  for (const count of counts.values()) assert.ok(Math.abs(count - 1000) < 145, String(count))
})

test.run()
