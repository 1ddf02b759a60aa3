import { describe } from '../shared/check.ts'
import { type FloatArray, precisionOf } from '../step/index.ts'
import { copyInto, copyOf } from './arrays.ts'
import { firstNonFinite } from './loops.ts'
import { refuseVariable } from './naming.ts'

/**
 * Applied to a variable after each step: changes the values in place, or returns new ones of the same length. It gets a
 * copy, so that one that throws leaves the variable as the step left it. A result of another length or precision, or with a
 * value that is not finite, is refused like one that throws.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: a constraint that changes its argument in place returns nothing
export type Constraint = (value: FloatArray) => FloatArray | undefined | void

/** What of a variable its constraint has to do with. */
interface Constrained {
  readonly name: string
  readonly value: FloatArray
  readonly constraint: Constraint | undefined
}

/** Applies a variable's constraint, if it has one; throws, with the variable as it was, for a result that does not fit. */
export function constrain(variable: Constrained): void {
  const { value, constraint, name } = variable
  if (constraint === undefined) return
  const copy = copyOf(value)
  const result = constraint(copy) ?? copy
  if (precisionOf(result) !== precisionOf(value) || result.length !== value.length) {
    throw new TypeError(`variable '${name}': its constraint returned ${describe(result)}; expected its kind and length`)
  }
  const bad = firstNonFinite(result)
  if (bad >= 0) refuseVariable(variable, `its constraint gave ${result[bad]} at index ${bad}`)
  copyInto(value, result)
}
