import { describe } from '../shared/check.ts'
import { type FloatArray, precisionOf } from '../step/old/index.ts'
import type { Variable } from './variable.ts'

/**
 * Applied to a variable after each step: changes the values in place, or returns new ones of the same length. It gets a
 * copy, so that one that throws leaves the variable as the step left it. A
 * result of another length, precision or with a value that is not finite is refused like one that throws.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: a constraint that changes its argument in place returns nothing
export type Constraint = (value: FloatArray) => FloatArray | undefined | void

/** Applies a variable's constraint, if it has one; throws, with the variable as it was, for a result that does not fit. */
export function applyConstraint({ value, constraint, name }: Variable): void {
  if (constraint === undefined) return
  const copy = value.slice()
  const constrained = constraint(copy) ?? copy
  if (precisionOf(constrained) !== precisionOf(value) || constrained.length !== value.length) {
    throw new TypeError(
      `variable '${name}': its constraint returned ${describe(constrained)}; expected its kind and length`,
    )
  }
  const bad = constrained.findIndex((x) => !Number.isFinite(x))
  if (bad >= 0) throw new RangeError(`variable '${name}': its constraint gave ${constrained[bad]} at index ${bad}`)
  value.set(constrained)
}
