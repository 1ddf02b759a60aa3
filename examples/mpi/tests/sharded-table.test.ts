import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ownerOf, placeInPart, rowAt, rowsOf, ShardedTable } from '../sharded-table.ts'
import { aloneAsRanks } from './support/alone.ts'

const test = suite('sharded table')
const makeTable = () => new ShardedTable(aloneAsRanks, 'table', 5, 2, (row) => [row, row + 0.5])

test('every row has one place on one rank, whatever the number of ranks', () => {
  for (const [rows, size] of [
    [10, 3],
    [9, 3],
    [2, 4],
  ]) {
    const dealt = Array.from({ length: size }, (_, rank) =>
      Array.from({ length: rowsOf(rank, size, rows) }, (_, place) => rowAt(place, rank, size)),
    )
    const found = Array.from({ length: rows }, (_, row) => dealt[ownerOf(row, size)][placeInPart(row, size)])
    assert.equal(found, [...found.keys()])
    assert.is(dealt.flat().length, rows)
  }
})

test('a row that is asked for twice is fetched once', () => {
  const { values, places } = makeTable().fetch(Int32Array.of(4, 1, 4))
  assert.is(values.length, 4)
  const rows = Array.from(places, (place) => [...values.subarray(2 * place, 2 * place + 2)])
  assert.equal(rows, [
    [4, 4.5],
    [1, 1.5],
    [4, 4.5],
  ])
})

test('a gradient goes back to the rows that were fetched, times the weight', () => {
  const { gradient, places } = makeTable().fetch(Int32Array.of(3, 0))
  const { indices, values } = gradient(Float32Array.of(1, 2, 3, 4), 0.5)
  const ofRow = (k: number) => [indices[places[k]], values[2 * places[k]], values[2 * places[k] + 1]]
  assert.equal(ofRow(0)[0], 3)
  assert.equal(ofRow(1)[0], 0)
  assert.equal([...values], [0.5, 1, 1.5, 2])
})

test('a row that the table does not have is refused', () => {
  for (const row of [-1, 5]) {
    assert.throws(
      () => makeTable().fetch(Int32Array.of(0, row)),
      /table 'table' was asked for row -?\d; expected 0 to 4/,
    )
  }
})

test.run()
