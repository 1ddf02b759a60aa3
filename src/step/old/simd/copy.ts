import type { FloatArray } from '../../types.ts'
import type { StepPlan } from '../plan.ts'
import { firstOf, type Stage } from './stage.ts'

/** What is shorter than this is copied by a loop: a typed array's own copy takes as long to call. */
const NARROW = 32

/** Brings `length` of the coordinates that the plan's gradient touches, from the `from`-th on, to `at` on the stage. */
export function copyIn(plan: StepPlan, stage: Stage, from: number, at: number, length: number): void {
  const { variable, accumulator, values, rows } = plan
  copy(values, from, stage.gradient, at, length)
  if (rows === undefined) {
    copy(variable, from, stage.variable, at, length)
    copy(accumulator, from, stage.accumulator, at, length)
  } else {
    copyRows('gather', plan, rows, stage, from, at, length, true)
  }
}

/** Takes them back from the stage; the accumulator only where it `hasChanged`. */
export function copyOut(
  plan: StepPlan,
  stage: Stage,
  from: number,
  at: number,
  length: number,
  hasChanged: boolean,
): void {
  const { variable, accumulator, rows } = plan
  if (rows === undefined) {
    const firsts = firstOf(stage, length)
    variable.set(firsts.variable, from)
    if (hasChanged) accumulator.set(firsts.accumulator, from)
  } else {
    copyRows('scatter', plan, rows, stage, from, at, length, hasChanged)
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

/** Rows of more bytes are read ahead by the processor itself, and touching them whole for each of their blocks would not end. */
const MOST_TOUCHED_BYTES = 4096

/** Holds what `touch` has read, so that no compiler drops its loads as useless. */
const kept = { touched: 0 }

/**
 * Reads a value of each cache line of some rows that are about to be copied. Loads that depend on nothing overlap in
 * memory, a dozen at a time; the copies by themselves would wait for each row in turn.
 */
function touch({ variable, accumulator, width }: StepPlan, rows: ArrayLike<number>, first: number, end: number): void {
  const line = 64 / variable.BYTES_PER_ELEMENT
  let sum = 0
  for (let k = first; k < end; k++) {
    const start = rows[k] * width
    for (let c = 0; c < width; c += line) sum += variable[start + c] + accumulator[start + c]
    sum += variable[start + width - 1] + accumulator[start + width - 1]
  }
  kept.touched = sum
}

/**
 * Copies coordinates `from` … `from + length` of the rows, which may begin and end inside a row, to where they lie on the
 * stage one after the other, or back: both arrays of a row in turn; back, the accumulator only where it has changed.
 */
function copyRows(
  way: 'gather' | 'scatter',
  plan: StepPlan,
  rows: ArrayLike<number>,
  stage: Stage,
  from: number,
  at: number,
  length: number,
  hasChanged: boolean,
): void {
  const { variable, accumulator, width } = plan
  const end = at + length
  const isTouched = width * variable.BYTES_PER_ELEMENT <= MOST_TOUCHED_BYTES
  let k = Math.floor(from / width)
  let column = from - k * width
  let touched = 0
  for (let place = at; place < end; k++) {
    if (k >= touched && isTouched) {
      touched = Math.min(k + ROWS_AHEAD, Math.ceil((from + length) / width))
      touch(plan, rows, k, touched)
    }
    const size = Math.min(width - column, end - place)
    const start = rows[k] * width + column
    if (way === 'gather') {
      copy(variable, start, stage.variable, place, size)
      copy(accumulator, start, stage.accumulator, place, size)
    } else {
      copy(stage.variable, place, variable, start, size)
      if (hasChanged) copy(stage.accumulator, place, accumulator, start, size)
    }
    place += size
    column = 0
  }
}
