import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { multiply } from '../../../../examples/adult/layers/multiply.ts'
import { seededRandom } from '../../../../examples/adult/random.ts'

const test = suite('adult: multiply')

test('a product is right for every remainder of the block, transposed or not', () => {
  const random = seededRandom(1)
  // Small whole numbers, so that sums are exact in any order.
  const whole = (length: number) => Float32Array.from({ length }, () => Math.floor(random() * 9) - 4)
  for (let rows = 1; rows <= 9; rows++) {
    for (let columns = 1; columns <= 5; columns++) {
      const inner = 1 + ((rows + columns) % 4)
      const [a, b] = [whole(rows * inner), whole(inner * columns)]
      const expected = Array.from({ length: rows * columns }, (_, at) => {
        const [row, column] = [Math.floor(at / columns), at % columns]
        return Array.from({ length: inner }, (_, k) => a[row * inner + k] * b[k * columns + column]).reduce(
          (sum, term) => sum + term,
        )
      })
      const aTransposed = Float32Array.from(a, (_, at) => a[(at % rows) * inner + Math.floor(at / rows)])
      const bTransposed = Float32Array.from(b, (_, at) => b[(at % inner) * columns + Math.floor(at / inner)])
      for (const left of [
        { values: a, rowStride: inner, columnStride: 1 },
        { values: aTransposed, rowStride: 1, columnStride: rows },
      ]) {
        for (const right of [
          { values: b, rowStride: columns, columnStride: 1 },
          { values: bTransposed, rowStride: 1, columnStride: inner },
        ]) {
          const product = new Float32Array(rows * columns)
          multiply(left, right, product, { rows, inner, columns })
          assert.equal([...product], expected, `${rows} × ${inner} × ${columns}`)
        }
      }
    }
  }
})

test.run()
