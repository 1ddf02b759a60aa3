import type { StepPlan } from '../plan.ts'
import type { FloatArray } from '../types.ts'
import type { Stage } from './stage.ts'

/** Rows narrower than this are copied by a loop: a typed array's own copy takes as long to call. */
const NARROW = 32

/** Brings `length` of the coordinates that the plan's gradient touches, from the `from`-th on, onto the stage. */
export function copyIn(plan: StepPlan, stage: Stage, from: number, length: number): void {
  const { variable, accumulator, gradient } = plan
  const { rows, width, values } = gradient
  copy(values, from, stage.gradient, 0, length)
  if (rows === undefined) {
    copy(variable, from, stage.variable, 0, length)
    copy(accumulator, from, stage.accumulator, 0, length)
    return
  }
  kept.touched = touch(variable, rows, width, from, length) + touch(accumulator, rows, width, from, length)
  for (let j = from; j < from + length; ) {
    const column = j % width
    const size = Math.min(width - column, from + length - j)
    const start = rows[(j - column) / width] * width + column
    copy(variable, start, stage.variable, j - from, size)
    copy(accumulator, start, stage.accumulator, j - from, size)
    j += size
  }
}

/** Holds what `touch` has read, so that no compiler drops its loads as useless. */
const kept = { touched: 0 }

/**
 * Reads a value of each cache line of the rows that are about to be copied. Loads that depend on nothing overlap in
 * memory, a dozen at a time; the copies by themselves would wait for each row in turn.
 */
function touch(array: FloatArray, rows: ArrayLike<number>, width: number, from: number, length: number): number {
  const line = 64 / array.BYTES_PER_ELEMENT
  const first = Math.floor(from / width)
  const end = Math.ceil((from + length) / width)
  let sum = 0
  for (let k = first; k < end; k++) {
    const start = rows[k] * width
    for (let c = 0; c < width; c += line) sum += array[start + c]
    sum += array[start + width - 1]
  }
  return sum
}

/** Takes them back from the stage; the accumulator only where it `hasChanged`. */
export function copyOut(plan: StepPlan, stage: Stage, from: number, length: number, hasChanged: boolean): void {
  const { variable, accumulator, gradient } = plan
  const { rows, width } = gradient
  if (rows === undefined) {
    copy(stage.variable, 0, variable, from, length)
    if (hasChanged) copy(stage.accumulator, 0, accumulator, from, length)
    return
  }
  for (let j = from; j < from + length; ) {
    const column = j % width
    const size = Math.min(width - column, from + length - j)
    const start = rows[(j - column) / width] * width + column
    copy(stage.variable, j - from, variable, start, size)
    if (hasChanged) copy(stage.accumulator, j - from, accumulator, start, size)
    j += size
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
