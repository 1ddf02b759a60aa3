import { describe, isObject, refuseValue } from '../shared/check.ts'
import type { Precision } from './precision.ts'
import { copyRow, ROWS_AHEAD, touchRows } from './row-copies.ts'
import { shortLived } from './short-lived.ts'
import { kindOf } from './typed-array.ts'
import type { FloatArray, Gradient, RowIndices, SparseGradient } from './types.ts'

/** Some rows of a variable, each once, in ascending order, and their gradient, one row after the other. */
export interface Rows {
  readonly indices: Uint32Array
  readonly values: FloatArray
  readonly width: number
}

/** Whether a gradient, known to be one, names rows. */
export function isSparse(gradient: Gradient): gradient is SparseGradient {
  return !ArrayBuffer.isView(gradient)
}

/** Whether this may stand for a gradient that names rows; says nothing of what its parts hold. */
export function isSparseGradient(given: unknown): given is SparseGradient {
  return isObject(given) && !ArrayBuffer.isView(given) && 'indices' in given && 'values' in given
}

/**
 * The rows of a sparse gradient, repeated ones summed in the order given, in the gradient's own precision. Reads only. Time
 * and memory grow with the rows given, not with those of the variable, and no choice of rows makes it slow.
 *
 * Throws TypeError or RangeError where the parts do not fit together or an index is not a row.
 */
export function rowsOf(indices: RowIndices, values: FloatArray, precision: Precision, variableLength: number): Rows {
  // Read once: an array of a subclass may say something else each time.
  const { length } = indices
  const width = widthOf(length, values, variableLength)
  const checked = checkedIndices(indices, length, width === 0 ? Infinity : variableLength / width)
  return isAscending(checked) ? { indices: checked, values, width } : summed(checked, values, width, precision)
}

/** Width of a row; 0 without rows. */
function widthOf(count: number, values: FloatArray, variableLength: number): number {
  const isCount = Number.isSafeInteger(count) && count >= 0
  // Rows of no width belong to a variable of no length.
  const isWhole = isCount && (count === 0 ? values.length === 0 : values.length % count === 0)
  if (!isWhole || (count > 0 && values.length === 0 && variableLength > 0)) {
    throw new RangeError(
      `gradient.values has length ${values.length}; expected a whole row for each of the ${count} indices`,
    )
  }
  const width = count === 0 ? 0 : values.length / count
  if (width > 0 && variableLength % width !== 0) {
    throw new RangeError(`gradient rows have width ${width}, which does not divide the variable's ${variableLength}`)
  }
  return width
}

/** Throws TypeError unless `indices` is an array of whole numbers; by tag, so that arrays of another realm count too. */
export function requireRowIndices(indices: unknown): asserts indices is RowIndices {
  if (Array.isArray(indices)) return
  const kind = kindOf(indices) ?? ''
  const isBig = kind.startsWith('Big')
  if (kind !== '' && !isBig && !kind.startsWith('Float')) return
  const mend = isBig ? '; write Array.from(indices, Number)' : ''
  throw new TypeError(
    `gradient.indices is ${kind === '' ? describe(indices) : `a ${kind}`}; expected an array of whole numbers, such as an Int32Array or number[]${mend}`,
  )
}

/** A copy, so that nobody changes it behind the checks. */
function checkedIndices(indices: RowIndices, length: number, rowCount: number): Uint32Array {
  const checked = shortLived(length, Uint32Array)
  for (let k = 0; k < checked.length; k++) {
    const index = indices[k]
    if (!(typeof index === 'number' && index >= 0 && index < rowCount && Math.floor(index) === index)) {
      const range =
        rowCount === 0 ? 'no row at all, because the variable is empty' : `a whole number from 0 to ${rowCount - 1}`
      refuseValue(index, `gradient.indices[${k}]`, range)
    }
    checked[k] = index
  }
  return checked
}

/** Whether rows are named in ascending order, so that each is named once. */
function isAscending(indices: RowIndices): boolean {
  for (let k = 1; k < indices.length; k++) if (!(indices[k] > indices[k - 1])) return false
  return true
}

function summed(indices: Uint32Array, values: FloatArray, width: number, precision: Precision): Rows {
  const order = ascendingOrder(indices)
  const distinct = shortLived(distinctIn(indices, order), Uint32Array)
  const sums = shortLived(distinct.length * width, precision.Kind)
  let count = 0
  for (let j = 0; j < order.length; j++) {
    if (j % ROWS_AHEAD === 0) touchRows(values, order, width, j, Math.min(j + ROWS_AHEAD, order.length))
    const row = indices[order[j]]
    const from = order[j] * width
    if (count > 0 && row === distinct[count - 1]) {
      const to = (count - 1) * width
      for (let c = 0; c < width; c++) sums[to + c] += values[from + c]
    } else {
      copyRow(values, from, sums, count * width, width)
      distinct[count++] = row
    }
  }
  return { indices: distinct, values: sums, width }
}

function distinctIn(indices: Uint32Array, order: Uint32Array): number {
  let count = 0
  for (let j = 0; j < order.length; j++) if (j === 0 || indices[order[j]] !== indices[order[j - 1]]) count++
  return count
}

/** With fewer indices than this, inserting each in its place is done before a radix sort has counted: a tenth of such a step. */
const FEWEST_RADIX = 48

/**
 * The places of `indices` in ascending order of what they hold, equal ones in the order given. Where they are many it is a
 * radix sort: unlike a hash table it takes the same time whatever rows a caller names.
 */
function ascendingOrder(indices: Uint32Array): Uint32Array {
  if (indices.length >= FEWEST_RADIX) return radixOrder(indices)
  const order = shortLived(indices.length, Uint32Array)
  for (let k = 0; k < order.length; k++) {
    let j = k
    for (; j > 0 && indices[order[j - 1]] > indices[k]; j--) order[j] = order[j - 1]
    order[j] = k
  }
  return order
}

function radixOrder(indices: Uint32Array): Uint32Array {
  const { length } = indices
  const bits = length < 4096 ? 8 : 11
  const mask = 2 ** bits - 1
  const starts = shortLived(mask + 1, Uint32Array)
  let order = shortLived(length, Uint32Array)
  let sorted = shortLived(length, Uint32Array)
  let largest = 0
  for (let k = 0; k < length; k++) {
    order[k] = k
    if (indices[k] > largest) largest = indices[k]
  }
  for (let shift = 0; shift < 32 && largest >>> shift > 0; shift += bits) {
    starts.fill(0)
    for (let k = 0; k < length; k++) starts[(indices[k] >>> shift) & mask]++
    let start = 0
    for (let digit = 0; digit <= mask; digit++) {
      const size = starts[digit]
      starts[digit] = start
      start += size
    }
    for (let j = 0; j < length; j++) sorted[starts[(indices[order[j]] >>> shift) & mask]++] = order[j]
    const last = order
    order = sorted
    sorted = last
  }
  return order
}
