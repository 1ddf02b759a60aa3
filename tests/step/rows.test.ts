import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { step } from '../../src/index.ts'
import { distinctRows } from '../../src/step/operands.ts'
import { float32, float64 } from '../../src/step/precision.ts'
import { rowsOf } from '../../src/step/rows.ts'
import { refuses, sameBits } from '../support/assertions.ts'
import { FRESH_PACKAGE, freshPackage } from '../support/fresh-package.ts'
import { holds } from '../support/property.ts'
import { Random } from '../support/random.ts'
import { measuringWork } from '../support/work.ts'

const test = suite('rows')

// Sums.

test('rows come out ascending, each once, with repeated ones summed in the order given', () => {
  // 1e8 + 1 − 1e8 depends on the order in float32.
  const values = Float32Array.of(1e8, 5, 1, 6, 2, 7, -1e8, 8)
  const rows = rowsOf([3, 3, 0, 3], values, float32, 8)
  assert.equal(rows.indices, Uint32Array.of(0, 3))
  assert.equal(rows.values, Float32Array.of(2, 7, 0, 5 + 6 + 8))
  assert.is(rows.width, 2)
})

test('ascending rows are taken as they are', () => {
  const values = Float64Array.of(1, 2, 3)
  assert.is(rowsOf([0, 4, 5], values, float64, 6).values, values)
  const gradient = { indices: [0, 4, 5], values }
  assert.is(distinctRows(gradient, 6), gradient)
  assert.is.not(distinctRows({ indices: [4, 0, 5], values }, 6).values, values)
})

test('the sums are those of one row after the other, whatever the rows, the width and how many there are', () => {
  const drawn = fc.record({
    count: fc.oneof(fc.integer({ min: 0, max: 60 }), fc.constantFrom(4095, 4096, 4097, 5000)),
    width: fc.integer({ min: 1, max: 19 }),
    most: fc.constantFrom(1, 3, 255, 256, 2047, 2048, 2 ** 16, 2 ** 22 + 1, 2 ** 32 - 1),
    seed: fc.nat(),
  })
  holds(
    drawn,
    ({ count, width, most, seed }) => {
      const random = new Random(seed)
      const indices = Array.from({ length: count }, () => (most === 2 ** 32 - 1 ? random.bits() : random.below(most)))
      const values = Float32Array.from({ length: count * width }, () => random.between(-1, 1))
      const sums = new Map<number, Float32Array>()
      indices.forEach((index, k) => {
        const row = values.subarray(k * width, (k + 1) * width)
        const sum = sums.get(index)
        if (sum === undefined) sums.set(index, row.slice())
        else for (let c = 0; c < width; c++) sum[c] += row[c]
      })
      const ordered = [...sums].sort(([x], [y]) => x - y)
      const rows = rowsOf(indices, values, float32, width * 2 ** 32)
      assert.equal(
        Array.from(rows.indices),
        ordered.map(([index]) => index),
      )
      sameBits(rows.values, Float32Array.from(ordered.flatMap(([, row]) => [...row])), 'the sums')
    },
    150,
  )
})

// Work. Row numbers often come from users.

/** Rows of 4 million in an order that is not ascending, so that they have to be sorted or looked up. */
const RANGE = 4_000_000

/** Rows that a hash table with this multiplier, which a former version had, would put into one slot. */
function ofOneSlot(bits: number, count: number): number[] {
  const found: number[] = []
  for (let row = RANGE - 1; row >= 0 && found.length < count; row--) {
    if (Math.imul(row, 0x9e3779b1) >>> (32 - bits) === 0) found.push(row)
  }
  return found
}

test('no choice of rows takes more than three times the work of random ones', () => {
  const random = new Random(1)
  measuringWork(FRESH_PACKAGE, (workOf) => {
    const fresh = freshPackage()
    const variable = new fresh.Float32Array(RANGE)
    const accumulator = new fresh.Float32Array(RANGE)
    for (const count of [900, 5000]) {
      const work = (indices: readonly number[]) => {
        const values = new fresh.Float32Array(indices.length)
        return workOf(() => fresh.step(variable, accumulator, { indices, values }))
      }
      const ordinary = work(Array.from({ length: count }, () => random.below(RANGE)))
      assert.ok(ordinary > count)
      const hashed = ofOneSlot(33 - Math.clz32(count), count)
      const choices = {
        'of one slot': Array.from({ length: count }, (_, k) => hashed[k % hashed.length]),
        descending: Array.from({ length: count }, (_, k) => RANGE - 1 - k),
        'all the same': new Array<number>(count).fill(RANGE - 1),
        'multiples of 2^11': Array.from({ length: count }, (_, k) => ((count - k) * 2 ** 11) % RANGE),
        'multiples of a large prime': Array.from({ length: count }, (_, k) => ((count - k) * 7919) % RANGE),
      }
      for (const [what, indices] of Object.entries(choices)) {
        const done = work(indices)
        assert.ok(done < 3 * ordinary, `${count} rows ${what}: ${done} runs, random ones ${ordinary}`)
      }
    }
  })
})

test('the measure sees work that grows with the square', () => {
  const quadratic = (count: number) => {
    let sum = 0
    for (let i = 0; i < count; i++) for (let j = 0; j < i; j++) sum += j
    return sum
  }
  measuringWork('step/rows.test.ts', (workOf) => {
    const [few, many] = [100, 1000].map((count) => workOf(() => quadratic(count)))
    assert.ok(many > 50 * few, `${few} and ${many}`)
  })
})

// Messages.

const ones = (count: number) => new Float32Array(count).fill(1)

function refusedRows(indices: unknown, values: Float32Array, length: number, ...words: (string | RegExp)[]): void {
  const kind = Array.isArray(indices) ? RangeError : TypeError
  const gradient = { indices: indices as number[], values }
  refuses(() => step(ones(length), ones(length), gradient), kind, ...words)
}

test('a row of an empty variable is refused in words that make sense', () => {
  refusedRows([0], ones(2), 0, 'indices[0] is 0; expected no row at all, because the variable is empty')
})

test('rows without values are refused', () => {
  for (const indices of [[0], [0, 1]]) {
    refusedRows(
      indices,
      ones(0),
      4,
      `gradient.values has length 0; expected a whole row for each of the ${indices.length}`,
    )
  }
})

test('indices that say something odd of their length are refused, and later steps are none the worse', () => {
  const sparse = { indices: [2, 0, 2], values: Float32Array.of(1, 2, 3) }
  for (const said of [-100, -1, 0.5, Number.NaN]) {
    class Odd extends Int32Array {
      override get length(): number {
        return said
      }
    }
    const proxy = new Proxy([0], { get: (array, key) => (key === 'length' ? said : Reflect.get(array, key)) })
    for (const indices of [new Odd(1), proxy]) {
      for (const count of [0, 1]) {
        const values = new Float32Array(count)
        const call = () => step(new Float32Array(3), new Float32Array(3).fill(1), { indices, values })
        refuses(call, RangeError, 'gradient.values', `${said} indices`)
      }
    }
    const rows = rowsOf(sparse.indices, sparse.values, float32, 3)
    assert.equal([...rows.indices, ...rows.values], [0, 2, 2, 4])
  }
})

test('the length of indices is read once', () => {
  const lengths = [2, 900]
  class Changing extends Int32Array {
    override get length(): number {
      return lengths.shift() ?? 900
    }
  }
  const rows = rowsOf(new Changing([1, 0]), Float32Array.of(1, 2), float32, 2)
  assert.equal([...rows.indices, ...rows.values], [0, 1, 2, 1])
})

test('bigint indices are refused with what to write instead', () => {
  refusedRows(BigInt64Array.of(0n), ones(2), 4, 'a BigInt64Array', 'write Array.from(indices, Number)')
  refusedRows(BigUint64Array.of(0n), ones(2), 4, 'a BigUint64Array', 'write Array.from(indices, Number)')
  refusedRows([0n], ones(2), 4, 'indices[0] is a bigint; expected a whole number from 0 to 1')
})

test('indices of any other kind are refused by name', () => {
  refusedRows(Float32Array.of(0), ones(2), 4, 'gradient.indices is a Float32Array', 'Int32Array or number[]')
  refusedRows('0', ones(2), 4, 'gradient.indices is "0"')
  refusedRows(new DataView(new ArrayBuffer(4)), ones(2), 4, 'gradient.indices is a DataView')
  for (const index of [-1, 2, 0.5, Number.NaN, '0', null, undefined, {}, true]) {
    refusedRows([index], ones(2), 4, 'gradient.indices[0] is', 'expected a whole number from 0 to 1')
  }
})

test('integer arrays of every kind name rows', () => {
  for (const Kind of [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array]) {
    const variable = ones(4)
    step(variable, ones(4), { indices: Kind.of(1), values: ones(2) }, { learningRate: 0.01 })
    assert.equal(
      Array.from(variable, (w) => w < 1),
      [false, false, true, true],
      Kind.name,
    )
  }
})

test.run()
