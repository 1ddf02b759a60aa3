import { describe } from '../shared/check.ts'
import { refuseNonFinite } from './finite.ts'
import { float32Kernel } from './float32-kernel.ts'
import { float64Kernel } from './float64-kernel.ts'
import type { Hyperparameters } from './hyperparameters.ts'
import type { Kernel } from './kernel.ts'
import { requireSameKind, requireSameLength } from './operands.ts'
import { float32, type Precision, precisionOf } from './precision.ts'
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
  readonly kernel: Kernel<FloatArray>
  readonly variable: FloatArray
  readonly accumulator: FloatArray
  readonly gradient: TouchedRuns
  readonly h: Hyperparameters
}

export function kernelOf(precision: Precision): Kernel<FloatArray> {
  return precision === float32 ? float32Kernel : float64Kernel
}

/** Throws TypeError or RangeError where the arrays' kinds, lengths, memory or row indices do not fit together. */
export function planStep(
  variable: FloatArray,
  accumulator: FloatArray,
  gradient: Gradient,
  h: Hyperparameters,
): StepPlan {
  const w = { role: 'variable', array: variable }
  const a = { role: 'accumulator', array: accumulator }
  requireSameKind(w, a)
  requireSameLength(w, a)
  const touched = touchedRuns(gradient, accumulator, 'accumulator')
  requireSameKind(w, { role: gradientRole(gradient), array: touched.values })
  return { kernel: kernelOf(h.precision), variable, accumulator, gradient: touched, h }
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
export function decideFactor({ kernel, variable, accumulator, gradient, h }: StepPlan, standard: boolean): number {
  const { values, width, rows } = gradient
  let factor = 1
  for (let run = 0; run < runCount(gradient); run++) {
    const start = rows === undefined ? 0 : rows[run] * width
    factor = kernel.smallestFactor(variable, accumulator, values, start, run * width, width, factor, standard, h)
    if (Number.isNaN(factor)) refuseNonFinite(variable, accumulator, gradient, standard, h)
  }
  return factor
}

/** Second pass over the variable. Everything has been checked. */
export function moveVariable({ kernel, variable, accumulator, gradient, h }: StepPlan, factor: number): void {
  const { values, width, rows } = gradient
  for (let run = 0; run < runCount(gradient); run++) {
    const start = rows === undefined ? 0 : rows[run] * width
    kernel.moveVariable(variable, accumulator, values, start, run * width, width, factor, h)
  }
}

/** Second pass over the accumulator. Everything has been checked. */
export function addSquares(
  { kernel, accumulator, gradient }: Pick<StepPlan, 'kernel' | 'accumulator' | 'gradient'>,
  factor: number,
): void {
  const { values, width, rows } = gradient
  for (let run = 0; run < runCount(gradient); run++) {
    const start = rows === undefined ? 0 : rows[run] * width
    kernel.addSquares(accumulator, values, start, run * width, width, factor)
  }
}

function runCount({ rows }: TouchedRuns): number {
  return rows === undefined ? 1 : rows.length
}

function gradientRole(gradient: Gradient): string {
  return isSparse(gradient) ? 'gradient.values' : 'gradient'
}
