import { describe, isObject, refuseValue } from '../shared/check.ts'
import { kindOf, type Precision } from './precision.ts'
import type { FloatArray, RowIndices, SparseGradient } from './types.ts'

/** Some rows of a variable, each once, in ascending order, and their gradient, one row after the other. */
export interface Rows {
  readonly indices: Uint32Array
  readonly values: FloatArray
  readonly width: number
}

/** Whether a gradient names rows. */
export function isSparse(gradient: unknown): gradient is SparseGradient {
  return isObject(gradient) && !ArrayBuffer.isView(gradient) && 'indices' in gradient && 'values' in gradient
}

/**
 * The rows of a sparse gradient, repeated ones summed in the order given, in the gradient's own precision. Reads only. Time
 * and memory grow with the rows given, not with those of the variable, and no choice of rows makes it slow.
 *
 * Throws TypeError or RangeError where the parts do not fit together or an index is not a row.
 */
export function rowsOf(indices: RowIndices, values: FloatArray, precision: Precision, variableLength: number): Rows {
  const width = widthOf(indices, values, variableLength)
  const checked = checkedIndices(indices, width === 0 ? Number.POSITIVE_INFINITY : variableLength / width)
  return isAscending(checked) ? { indices: checked, values, width } : summed(checked, values, width, precision)
}

/** Width of a row; 0 without rows. */
function widthOf(indices: RowIndices, values: FloatArray, variableLength: number): number {
  const count = indices.length
  // Rows of no width belong to a variable of no length.
  const isWhole = count === 0 ? values.length === 0 : values.length % count === 0
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

const INTEGER_ARRAYS: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
])

/** Throws TypeError unless `indices` is an array of whole numbers; by tag, so that arrays of another realm count too. */
export function requireRowIndices(indices: unknown): asserts indices is RowIndices {
  if (Array.isArray(indices)) return
  const kind = (ArrayBuffer.isView(indices) && kindOf(indices)) || ''
  if (INTEGER_ARRAYS.has(kind)) return
  const mend = kind.startsWith('Big') ? '; write Array.from(indices, Number)' : ''
  throw new TypeError(
    `gradient.indices is ${kind === '' ? describe(indices) : `a ${kind}`}; expected an array of whole numbers, such as an Int32Array or number[]${mend}`,
  )
}

/** A copy, so that nobody changes it behind the checks. */
function checkedIndices(indices: RowIndices, rowCount: number): Uint32Array {
  const checked = new Uint32Array(indices.length)
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
export function isAscending(indices: RowIndices): boolean {
  for (let k = 1; k < indices.length; k++) if (!(indices[k] > indices[k - 1])) return false
  return true
}

function summed(indices: Uint32Array, values: FloatArray, width: number, { zeros }: Precision): Rows {
  const order = ascendingOrder(indices)
  const sums = zeros(values.length)
  const distinct = new Uint32Array(indices.length)
  let count = 0
  let last = -1
  for (let j = 0; j < order.length; j++) {
    const from = order[j] * width
    const row = indices[order[j]]
    if (row === last) {
      const to = (count - 1) * width
      for (let c = 0; c < width; c++) sums[to + c] += values[from + c]
    } else {
      copyRow(values, from, sums, count * width, width)
      distinct[count++] = row
      last = row
    }
  }
  return { indices: distinct.subarray(0, count), values: sums.subarray(0, count * width), width }
}

/**
 * The places of `indices` in ascending order of what they hold, equal ones in the order given. A radix sort: unlike a hash
 * table it takes the same time whatever rows a caller names.
 */
function ascendingOrder(indices: Uint32Array): Uint32Array {
  const { length } = indices
  const bits = length < 64 ? 4 : length < 4096 ? 8 : 11
  const mask = 2 ** bits - 1
  const starts = new Uint32Array(mask + 1)
  let order = new Uint32Array(length)
  let sorted = new Uint32Array(length)
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

/** A row is copied by explicit loads and stores, eight at a time: twice as fast as value by value. */
function copyRow(source: FloatArray, from: number, target: FloatArray, to: number, width: number): void {
  const end = from + width
  let i = from
  let j = to
  for (; i + 8 <= end; i += 8, j += 8) {
    const x0 = source[i]
    const x1 = source[i + 1]
    const x2 = source[i + 2]
    const x3 = source[i + 3]
    const x4 = source[i + 4]
    const x5 = source[i + 5]
    const x6 = source[i + 6]
    const x7 = source[i + 7]
    target[j] = x0
    target[j + 1] = x1
    target[j + 2] = x2
    target[j + 3] = x3
    target[j + 4] = x4
    target[j + 5] = x5
    target[j + 6] = x6
    target[j + 7] = x7
  }
  for (; i < end; i++, j++) target[j] = source[i]
}

/** How many rows are touched before they are copied: few enough that their lines are still cached when their turn comes. */
const ROWS_AHEAD = 256

/** Rows of more bytes are read ahead by the processor itself. */
const MOST_TOUCHED_BYTES = 4096

/** With fewer values than this, rows that were gathered are still cached when they are scattered. */
const FEWEST_TOUCHED_AGAIN = 2 ** 17

/** Holds what `touch` has read, so that no compiler drops its loads as useless. */
const kept = { touched: 0 }

/**
 * Reads a value of each cache line of some rows that are about to be copied. Loads that depend on nothing overlap in memory,
 * a dozen at a time; the copies by themselves would wait for each row in turn.
 */
function touch(table: FloatArray, rows: Uint32Array, width: number, first: number, end: number): void {
  const line = 64 / table.BYTES_PER_ELEMENT
  let sum = 0
  for (let k = first; k < end; k++) {
    const start = rows[k] * width
    for (let c = 0; c < width; c += line) sum += table[start + c]
    sum += table[start + width - 1]
  }
  kept.touched = sum
}

/** Copies coordinates `from` … `from + length` of the rows, which may begin and end inside a row, to the start of `stage`. */
export function gatherRows(
  table: FloatArray,
  rows: Uint32Array,
  width: number,
  from: number,
  length: number,
  stage: FloatArray,
): void {
  copyRows(table, rows, width, from, length, stage, false, true)
}

/** Copies them back to where they belong. */
export function scatterRows(
  stage: FloatArray,
  table: FloatArray,
  rows: Uint32Array,
  width: number,
  from: number,
  length: number,
): void {
  copyRows(table, rows, width, from, length, stage, true, length >= FEWEST_TOUCHED_AGAIN)
}

function copyRows(
  table: FloatArray,
  rows: Uint32Array,
  width: number,
  from: number,
  length: number,
  stage: FloatArray,
  isBack: boolean,
  touches: boolean,
): void {
  const isTouched = touches && width * table.BYTES_PER_ELEMENT <= MOST_TOUCHED_BYTES
  let k = Math.floor(from / width)
  let column = from - k * width
  let touched = k
  for (let at = 0; at < length; k++) {
    if (k === touched && isTouched) {
      touched = Math.min(k + ROWS_AHEAD, Math.ceil((from + length) / width))
      touch(table, rows, width, k, touched)
    }
    const size = Math.min(width - column, length - at)
    const start = rows[k] * width + column
    if (isBack) copyRow(stage, at, table, start, size)
    else copyRow(table, start, stage, at, size)
    at += size
    column = 0
  }
}
