import { describe } from '../shared/check.ts'
import type { Engine } from './engine.ts'
import { engineFor } from './engine-choice.ts'
import { refuseNonFinite } from './finite.ts'
import type { Hyperparameters } from './hyperparameters.ts'
import { overlap, requireSameKind, requireSameLength } from './operands.ts'
import { precisionOf } from './precision.ts'
import { isSparse, sparseWidth, summedRows } from './sparse.ts'
import type { FloatArray, Gradient } from './types.ts'

/**
 * The runs of coordinates that a gradient touches: one of the whole length for a dense gradient, one for each distinct
 * row of a sparse one.
 */
export interface TouchedRuns {
  readonly values: FloatArray
  /** Length of a run. */
  readonly width: number
  /** Which runs of the variable, in the order of `values`; undefined for a dense gradient. */
  readonly rows: ArrayLike<number> | undefined
  /** The gradient as the caller gave it, for messages. */
  readonly given: Gradient
}

/** A step whose arguments fit together; nothing has been read of their contents but the row indices. */
export interface StepPlan {
  readonly engine: Engine
  /** Tells plans apart without holding on to their arrays. */
  readonly serial: number
  readonly variable: FloatArray
  readonly accumulator: FloatArray
  readonly gradient: TouchedRuns
  readonly h: Hyperparameters
}

let plans = 0

/** Throws TypeError or RangeError where the arrays' kinds, lengths, memory or row indices do not fit together. */
export function planStep(
  variable: FloatArray,
  accumulator: FloatArray,
  gradient: Gradient,
  h: Hyperparameters,
): StepPlan {
  const touched = areFitDense(variable, accumulator, gradient, h)
    ? { values: gradient, width: gradient.length, rows: undefined, given: gradient }
    : checkedRuns(variable, accumulator, gradient)
  plans++
  return { engine: engineFor(touched), serial: plans, variable, accumulator, gradient: touched, h }
}

/** The usual case, decided quickly: what is not sure here is looked at again by the checks that have messages. */
function areFitDense(
  variable: FloatArray,
  accumulator: FloatArray,
  gradient: Gradient,
  { precision }: Hyperparameters,
): gradient is FloatArray {
  if (precisionOf(gradient) !== precision || precisionOf(accumulator) !== precision) return false
  const dense = gradient as FloatArray
  if (dense.length !== variable.length || accumulator.length !== variable.length) return false
  const { buffer } = dense
  if (buffer !== variable.buffer && buffer !== accumulator.buffer && variable.buffer !== accumulator.buffer) return true
  return !(overlap(variable, accumulator) || overlap(variable, dense) || overlap(accumulator, dense))
}

function checkedRuns(variable: FloatArray, accumulator: FloatArray, gradient: Gradient): TouchedRuns {
  const w = { role: 'variable', array: variable }
  const a = { role: 'accumulator', array: accumulator }
  requireSameKind(w, a)
  requireSameLength(w, a)
  const touched = touchedRuns(gradient, accumulator, 'accumulator')
  requireSameKind(w, { role: gradientRole(gradient), array: touched.values })
  return touched
}

/** The runs that `gradient` touches of `target`; throws where the two do not fit together. */
export function touchedRuns(gradient: Gradient, target: FloatArray, role: string): TouchedRuns {
  const operand = { role, array: target }
  if (precisionOf(gradient) !== undefined) {
    const values = gradient as FloatArray
    requireSameKind(operand, { role: 'gradient', array: values })
    requireSameLength(operand, { role: 'gradient', array: values })
    return { values, width: values.length, rows: undefined, given: gradient }
  }
  if (typeof gradient !== 'object' || gradient === null || !isSparse(gradient)) {
    throw new TypeError(`gradient is ${describe(gradient)}; expected a typed array or { indices, values }`)
  }
  requireSameKind(operand, { role: 'gradient.values', array: gradient.values })
  const width = sparseWidth(gradient, target.length)
  const { indices, values } = summedRows(gradient, width)
  return { values, width, rows: indices, given: gradient }
}

/** First pass: the step's clipping factor. Reads only; throws RangeError where a coordinate is not finite. */
export function decideFactor(plan: StepPlan, standard: boolean): number {
  const factor = plan.engine.smallestFactor(plan, standard)
  if (Number.isNaN(factor)) refuseNonFinite(plan.variable, plan.accumulator, plan.gradient, standard, plan.h)
  return factor
}

function gradientRole(gradient: Gradient): string {
  return isSparse(gradient) ? 'gradient.values' : 'gradient'
}
