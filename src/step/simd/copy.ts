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
  for (let j = from; j < from + length; ) {
    const column = j % width
    const size = Math.min(width - column, from + length - j)
    const start = rows[(j - column) / width] * width + column
    copy(variable, start, stage.variable, j - from, size)
    copy(accumulator, start, stage.accumulator, j - from, size)
    j += size
  }
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
