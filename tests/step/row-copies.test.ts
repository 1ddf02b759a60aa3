import fc from 'fast-check'
import { suite } from 'uvu'
import type { FloatArray } from '../../src/index.ts'
import { gatherRows, scatterRows } from '../../src/step/row-copies.ts'
import { sameBits } from '../support/assertions.ts'
import { holds } from '../support/property.ts'

const test = suite('row copies')

/** Which place of the table each coordinate of the rows has. */
function placesOf(rows: Uint32Array, width: number): number[] {
  return Array.from({ length: rows.length * width }, (_, j) => rows[Math.floor(j / width)] * width + (j % width))
}

const drawn = fc.record({
  width: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(127, 128, 255, 256, 257)),
  indices: fc.uniqueArray(fc.integer({ min: 0, max: 29 }), { minLength: 1, maxLength: 12 }),
  start: fc.double({ min: 0, max: 1, noNaN: true }),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
  isSingle: fc.boolean(),
  hasSquared: fc.boolean(),
})

test('any part of the rows is copied to the stage and back, and nothing else changes', () => {
  holds(
    drawn,
    ({ width, indices, start, share, isSingle, hasSquared }) => {
      const rows = Uint32Array.from(indices).sort()
      const places = placesOf(rows, width)
      const from = Math.floor(start * places.length)
      const length = Math.ceil(share * (places.length - from))
      const arrayOf = (values: number[]): FloatArray =>
        isSingle ? Float32Array.from(values) : Float64Array.from(values)
      const numbered = (first: number) => arrayOf(Array.from({ length: 30 * width }, (_, i) => first + i))
      const table = { variable: numbered(0), accumulator: numbered(0.5) }
      const empty = () => arrayOf(new Array<number>(length + 3).fill(-1))
      const stage = { variable: empty(), accumulator: empty() }
      const range = { rows, width, from, length }
      gatherRows(table, range, stage)
      const part = places.slice(from, from + length)
      sameBits(stage.variable, arrayOf([...part, -1, -1, -1]), 'the staged variable')
      sameBits(stage.accumulator, arrayOf([...part.map((i) => i + 0.5), -1, -1, -1]), 'the staged accumulator')

      const changed = { variable: stage.variable.map((x) => -x - 1), accumulator: stage.accumulator.map((x) => -x - 1) }
      const expected = { variable: table.variable.slice(), accumulator: table.accumulator.slice() }
      for (const i of part) {
        expected.variable[i] = -i - 1
        if (hasSquared) expected.accumulator[i] = -i - 1.5
      }
      scatterRows(changed, range, table, hasSquared)
      sameBits(table.variable, expected.variable, 'the variable')
      sameBits(table.accumulator, expected.accumulator, 'the accumulator')
    },
    400,
  )
})

test('more rows than are touched ahead are copied too', () => {
  const rows = Uint32Array.from({ length: 1000 }, (_, k) => 2 * k)
  const variable = Float64Array.from({ length: 6000 }, (_, i) => i)
  const stage = { variable: new Float64Array(3000), accumulator: new Float64Array(3000) }
  const table = { variable, accumulator: variable.map((x) => -x) }
  gatherRows(table, { rows, width: 3, from: 0, length: 3000 }, stage)
  const places = Float64Array.from(placesOf(rows, 3))
  sameBits(stage.variable, places, 'the staged variable')
  sameBits(
    stage.accumulator,
    places.map((x) => -x),
    'the staged accumulator',
  )
})

test.run()
