import type { FloatArray } from './layer.ts'

/** A matrix in a flat array: the entry of a row and a column is at row · rowStride + column · columnStride. */
export interface Matrix {
  readonly values: FloatArray
  readonly rowStride: number
  readonly columnStride: number
}

/** How large a product is: left is rows × inner, right is inner × columns. */
export interface Extents {
  readonly rows: number
  readonly inner: number
  readonly columns: number
}

const BLOCK_ROWS = 4
const BLOCK_COLUMNS = 2

/**
 * product = left · right, row after row. Strides let one loop serve transposed matrices too.
 *
 * Works out 4 × 2 entries at a time: their sums stay in registers, and each number read is used two or four times. The
 * straightforward loop over single entries takes about twice as long. Sums are in double, rounded once when stored.
 */
export function multiply(left: Matrix, right: Matrix, product: FloatArray, { rows, inner, columns }: Extents): void {
  const { values: a, rowStride: down, columnStride: along } = left
  const { values: b, rowStride: below, columnStride: beside } = right
  const blockedRows = rows - (rows % BLOCK_ROWS)
  const blockedColumns = columns - (columns % BLOCK_COLUMNS)
  for (let row = 0; row < blockedRows; row += BLOCK_ROWS) {
    for (let column = 0; column < blockedColumns; column += BLOCK_COLUMNS) {
      let s00 = 0
      let s01 = 0
      let s10 = 0
      let s11 = 0
      let s20 = 0
      let s21 = 0
      let s30 = 0
      let s31 = 0
      let i = row * down
      let j = column * beside
      for (let k = 0; k < inner; k++) {
        const a0 = a[i]
        const a1 = a[i + down]
        const a2 = a[i + 2 * down]
        const a3 = a[i + 3 * down]
        const b0 = b[j]
        const b1 = b[j + beside]
        s00 += a0 * b0
        s01 += a0 * b1
        s10 += a1 * b0
        s11 += a1 * b1
        s20 += a2 * b0
        s21 += a2 * b1
        s30 += a3 * b0
        s31 += a3 * b1
        i += along
        j += below
      }
      const at = row * columns + column
      product[at] = s00
      product[at + 1] = s01
      product[at + columns] = s10
      product[at + columns + 1] = s11
      product[at + 2 * columns] = s20
      product[at + 2 * columns + 1] = s21
      product[at + 3 * columns] = s30
      product[at + 3 * columns + 1] = s31
    }
  }
  // What the blocks have left over at the right and at the bottom.
  for (let row = 0; row < rows; row++) {
    for (let column = row < blockedRows ? blockedColumns : 0; column < columns; column++) {
      let sum = 0
      for (let k = 0; k < inner; k++) sum += a[row * down + k * along] * b[k * below + column * beside]
      product[row * columns + column] = sum
    }
  }
}
