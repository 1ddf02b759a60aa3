import type { FloatArray } from './types.ts'

/** A table and its accumulator, or the places where rows of both are staged. */
export interface Table {
  readonly variable: FloatArray
  readonly accumulator: FloatArray
}

/** Coordinates `from` … `from + length` of some rows, one row after the other; they may begin and end inside a row. */
export interface RowRange {
  readonly rows: Uint32Array
  readonly width: number
  readonly from: number
  readonly length: number
}

/** Copies coordinates of a table's rows to the start of the stage. */
export function gatherRows(table: Table, range: RowRange, stage: Table): void {
  copyRows(table, range, stage, false, true)
}

/** Copies them back to where they belong; those of the accumulator only where it `hasSquared`. */
export function scatterRows(stage: Table, range: RowRange, table: Table, hasSquared: boolean): void {
  copyRows(table, range, stage, true, hasSquared)
}

/** Tables with fewer values stay in the caches: to touch their rows takes up to a tenth of a step on a few, for nothing. */
const FEWEST_TOUCHED = 2 ** 18

function copyRows(table: Table, range: RowRange, stage: Table, isBack: boolean, hasAccumulator: boolean): void {
  const { rows, width, from, length } = range
  const { variable, accumulator } = isBack ? stage : table
  const { variable: toVariable, accumulator: toAccumulator } = isBack ? table : stage
  const end = Math.ceil((from + length) / width)
  let k = (from / width) >>> 0
  let column = from - k * width
  let touched = table.variable.length < FEWEST_TOUCHED ? end : k
  for (let at = 0; at < length; k++) {
    if (k === touched) {
      touched = Math.min(k + ROWS_AHEAD, end)
      touchRows(table.variable, rows, width, k, touched)
      if (hasAccumulator) touchRows(table.accumulator, rows, width, k, touched)
    }
    const size = Math.min(width - column, length - at)
    const start = rows[k] * width + column
    const first = isBack ? at : start
    const to = isBack ? start : at
    copyRow(variable, first, toVariable, to, size)
    if (hasAccumulator) copyRow(accumulator, first, toAccumulator, to, size)
    at += size
    column = 0
  }
}

/** A row is copied by explicit loads and stores, eight at a time: twice as fast as value by value. */
export function copyRow(source: FloatArray, from: number, target: FloatArray, to: number, width: number): void {
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
export const ROWS_AHEAD = 256

/** Rows of more bytes are read ahead by the processor itself. */
const MOST_TOUCHED_BYTES = 1024

/** Holds what `touchRows` has read, so that no compiler drops its loads as useless. */
const kept = { touched: 0 }

/**
 * Reads a value of each cache line of rows `first` … `end` of the list, which are about to be copied. Loads that depend on
 * nothing overlap in memory, a dozen at a time; the copies by themselves would wait for each row in turn.
 */
export function touchRows(table: FloatArray, rows: Uint32Array, width: number, first: number, end: number): void {
  if (width * table.BYTES_PER_ELEMENT > MOST_TOUCHED_BYTES) return
  const line = 64 / table.BYTES_PER_ELEMENT
  let sum = 0
  for (let k = first; k < end; k++) {
    const start = rows[k] * width
    const last = start + width - 1
    sum += table[start] + table[last]
    for (let i = start + line; i < last; i += line) sum += table[i]
  }
  kept.touched = sum
}
