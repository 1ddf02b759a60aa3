import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { costsOf, exchanged, ringAllreduce } from '../costs.ts'

const test = suite('costs')

/** What each rank of a ring sends, part by part, until every rank has the sum of every part. */
function sentInRing(bytes: number, ranks: number): number[] {
  const has = Array.from({ length: ranks }, (_, rank) => Array.from({ length: ranks }, () => new Set([rank])))
  const sent = new Array<number>(ranks).fill(0)
  const isDone = () => has.every((parts) => parts.every((from) => from.size === ranks))
  for (let round = 0; !isDone(); round++) {
    const messages = has.map((parts, rank) => {
      const part = (((rank - round) % ranks) + ranks) % ranks
      return { part, to: (rank + 1) % ranks, terms: [...parts[part]] }
    })
    messages.forEach(({ part, to, terms }, rank) => {
      for (const term of terms) has[to][part].add(term)
      sent[rank] += bytes / ranks
    })
  }
  return sent
}

test('a ring sends what is counted when it is played through', () => {
  for (const ranks of [1, 2, 4, 5]) {
    assert.equal(sentInRing(100, ranks), new Array(ranks).fill(ringAllreduce(100, ranks)))
  }
})

/** What each rank sends when rows 0 to `rows` are each needed once, in turn by every rank for every owner. */
function sentInExchange(rows: number, width: number, ranks: number): number[] {
  const sent = new Array<number>(ranks).fill(0)
  for (let row = 0; row < rows; row++) {
    const [owner, needs] = [row % ranks, Math.floor(row / ranks) % ranks]
    if (owner === needs) continue
    sent[needs] += 4 + 4 * width // Its number, and its gradient later.
    sent[owner] += 4 * width
  }
  return sent
}

test('an exchange sends what is counted when it is played through', () => {
  for (const ranks of [1, 2, 4, 5]) {
    const rows = 3 * ranks * ranks
    assert.equal(sentInExchange(rows, 8, ranks), new Array(ranks).fill(exchanged({ rows, width: 8 }, ranks)))
  }
})

test('data-parallel ranks hold variable, accumulator and gradient whole', () => {
  assert.equal(costsOf('data-parallel', 1e9, 8), { memory: 12e9, traffic: 7e9 })
})

test('state in shards saves memory and nothing else', () => {
  const { memory, traffic } = costsOf('data-parallel, state in shards', 1e9, 8)
  assert.is(memory, 8.5e9)
  assert.is(traffic, 7e9 + 14)
})

test('sharded ranks hold their part, and send a factor for each variable', () => {
  assert.equal(costsOf('sharded', 1e9, 8, 10), { memory: 1.5e9, traffic: 140 })
})

test('mixed ranks hold layers whole and tables in part, and send gradients of layers, rows and factors', () => {
  const mixed = { layers: 1e6, width: 10, rows: 8000 }
  const { memory, traffic } = costsOf('mixed', 1e9, 8, 10, mixed)
  // Layers with accumulators and gradients; 1/8 of the tables with accumulators; 1000 rows and two gradients for each.
  assert.is(memory, 12e6 + (8 * 999e6) / 8 + 3 * 1000 * 40)
  // 7/8 of 1000 rows: number, row and gradient.
  assert.is(traffic, 7e6 + 875 * 84 + 140)
})

test.run()
