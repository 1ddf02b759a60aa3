import type { StepPlan } from '../plan.ts'
import type { FloatArray } from '../types.ts'
import type { Stage } from './stage.ts'

/** Rows narrower than this are copied by a loop: a typed array's own copy takes as long to call. */
const NARROW = 32

/** Brings `length` of the coordinates that the plan's gradient touches, from the `from`-th on, onto the stage. */
export function copyIn(plan: StepPlan, stage: Stage, from: number, length: number): void {
  const { variable, accumulator, gradient } = plan
  copy(gradient.values, from, stage.gradient, 0, length)
  if (gradient.rows === undefined) {
    copy(variable, from, stage.variable, 0, length)
    copy(accumulator, from, stage.accumulator, 0, length)
  } else {
    const runs = { rows: gradient.rows, width: gradient.width }
    copyRows('gather', variable, runs, stage.variable, from, length)
    copyRows('gather', accumulator, runs, stage.accumulator, from, length)
  }
}

/** Takes them back from the stage; the accumulator only where it `hasChanged`. */
export function copyOut(plan: StepPlan, stage: Stage, from: number, length: number, hasChanged: boolean): void {
  const { variable, accumulator, gradient } = plan
  if (gradient.rows === undefined) {
    copy(stage.variable, 0, variable, from, length)
    if (hasChanged) copy(stage.accumulator, 0, accumulator, from, length)
  } else {
    const runs = { rows: gradient.rows, width: gradient.width }
    copyRows('scatter', variable, runs, stage.variable, from, length)
    if (hasChanged) copyRows('scatter', accumulator, runs, stage.accumulator, from, length)
  }
}

/** `length` values from one place to another of equal precision; the two do not overlap. */
export function copy(source: FloatArray, from: number, target: FloatArray, to: number, length: number): void {
  if (length < NARROW) {
    for (let i = 0; i < length; i++) target[to + i] = source[from + i]
  } else {
    target.set(length === source.length ? source : source.subarray(from, from + length), to)
  }
}

/** How many rows are touched before they are copied: few enough that their pages are still known when their turn comes. */
const ROWS_AHEAD = 256

/** Holds what `touch` has read, so that no compiler drops its loads as useless. */
const kept = { touched: 0 }

/**
 * Reads a value of each cache line of some rows that are about to be copied. Loads that depend on nothing overlap in
 * memory, a dozen at a time; the copies by themselves would wait for each row in turn.
 */
function touch(array: FloatArray, rows: ArrayLike<number>, width: number, first: number, end: number): void {
  const line = 64 / array.BYTES_PER_ELEMENT
  let sum = 0
  for (let k = first; k < end; k++) {
    const start = rows[k] * width
    for (let c = 0; c < width; c += line) sum += array[start + c]
    sum += array[start + width - 1]
  }
  kept.touched = sum
}

/**
 * Copies coordinates `from` … `from + length` of the rows, which may begin and end inside a row, between a table and a
 * stage where they lie one after the other.
 */
function copyRows(
  way: 'gather' | 'scatter',
  table: FloatArray,
  { rows, width }: { readonly rows: ArrayLike<number>; readonly width: number },
  packed: FloatArray,
  from: number,
  length: number,
): void {
  let nextTouch = 0
  for (let j = from; j < from + length; ) {
    const column = j % width
    const k = (j - column) / width
    if (k >= nextTouch) {
      nextTouch = Math.min(k + ROWS_AHEAD, Math.ceil((from + length) / width))
      touch(table, rows, width, k, nextTouch)
    }
    const size = Math.min(width - column, from + length - j)
    const start = rows[k] * width + column
    if (way === 'gather') copy(table, start, packed, j - from, size)
    else copy(packed, j - from, table, start, size)
    j += size
  }
}
