import { describe } from '../../shared/check.ts'
import { precisionOf } from '../precision.ts'
import type { FloatArray, Gradient } from '../types.ts'
import type { Engine } from './engine.ts'
import { engineFor } from './engine-choice.ts'
import { refuseNonFinite } from './finite.ts'
import type { Hyperparameters } from './hyperparameters.ts'
import { requireSameKind, requireSameLength } from './operands.ts'
import { scalarEngine } from './scalar-engine.ts'
import { allocationOf, type InPlace } from './simd/allocate.ts'
import { isSparse, sparseWidth, summedRows } from './sparse.ts'

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
export interface StepPlan extends TouchedRuns {
  readonly engine: Engine
  /** Tells plans apart without holding on to their arrays. */
  readonly serial: number
  readonly variable: FloatArray
  readonly accumulator: FloatArray
  // An array is asked for its buffer once: the answer takes as long as a step on four coordinates.
  readonly variableBuffer: ArrayBufferLike
  readonly accumulatorBuffer: ArrayBufferLike
  readonly gradientBuffer: ArrayBufferLike
  /** Where the SIMD kernel can work on variable and accumulator themselves. */
  readonly allocation: InPlace | undefined
  readonly h: Hyperparameters
}

type Draft = { -readonly [Field in keyof StepPlan]: StepPlan[Field] }

let plans = 0

/** Throws TypeError or RangeError where the arrays' kinds, lengths, memory or row indices do not fit together. */
export function planStep(
  variable: FloatArray,
  accumulator: FloatArray,
  gradient: Gradient,
  h: Hyperparameters,
): StepPlan {
  if (precisionOf(accumulator) !== h.precision) {
    requireSameKind({ role: 'variable', array: variable }, { role: 'accumulator', array: accumulator })
  }
  const variableBuffer = variable.buffer
  const accumulatorBuffer = accumulator.buffer
  const isOne = variableBuffer === accumulatorBuffer
  const plan: Draft = {
    engine: scalarEngine,
    serial: 0,
    variable,
    accumulator,
    variableBuffer,
    accumulatorBuffer,
    gradientBuffer: variableBuffer,
    allocation: isOne ? allocationOf(variableBuffer, variable, accumulator) : undefined,
    h,
    values: variable,
    width: 0,
    rows: undefined,
    given: gradient,
  }
  replan(plan, gradient, h)
  return plan
}

/** Plans the next step of the same variable and accumulator in an old plan's object. Throws as `planStep`. */
export function replan(plan: StepPlan, gradient: Gradient, h: Hyperparameters): void {
  const draft: Draft = plan
  const { variable, accumulator } = plan
  draft.serial = ++plans
  draft.h = h
  draft.given = gradient
  const isDense = precisionOf(gradient) === h.precision
  const values = isDense ? (gradient as FloatArray) : variable
  const buffer = isDense ? values.buffer : plan.variableBuffer
  if (isDense && areFit(plan, values, buffer)) {
    draft.values = values
    draft.gradientBuffer = buffer
    draft.width = values.length
    draft.rows = undefined
  } else {
    const w = { role: 'variable', array: variable }
    const a = { role: 'accumulator', array: accumulator }
    requireSameKind(w, a)
    requireSameLength(w, a)
    const touched = touchedRuns(gradient, accumulator, 'accumulator')
    requireSameKind(w, { role: gradientRole(gradient), array: touched.values })
    draft.values = touched.values
    draft.gradientBuffer = touched.values.buffer
    draft.width = touched.width
    draft.rows = touched.rows
  }
  draft.engine = engineFor(plan)
}

/** The usual case, decided quickly: what is not sure here is looked at again by the checks that have messages. */
function areFit(
  { variable, accumulator, variableBuffer, accumulatorBuffer }: StepPlan,
  gradient: FloatArray,
  gradientBuffer: ArrayBufferLike,
): boolean {
  const { length } = variable
  if (accumulator.length !== length || gradient.length !== length) return false
  const meet = variableBuffer === accumulatorBuffer
  const meetsVariable = gradientBuffer === variableBuffer
  const meetsAccumulator = gradientBuffer === accumulatorBuffer
  if (!(meet || meetsVariable || meetsAccumulator)) return true
  const bytes = variable.byteLength
  const w = variable.byteOffset
  const a = accumulator.byteOffset
  const g = gradient.byteOffset
  return (
    !(meet && Math.abs(w - a) < bytes) &&
    !(meetsVariable && Math.abs(g - w) < bytes) &&
    !(meetsAccumulator && Math.abs(g - a) < bytes)
  )
}

/** Lets go of the gradient, and keeps the rest for `replan`. */
export function release(plan: StepPlan): void {
  const draft: Draft = plan
  draft.values = plan.variable
  draft.gradientBuffer = plan.variableBuffer
  draft.rows = undefined
  draft.given = plan.variable
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
  if (Number.isNaN(factor)) refuseNonFinite(plan, standard)
  return factor
}

function gradientRole(gradient: Gradient): string {
  return isSparse(gradient) ? 'gradient.values' : 'gradient'
}
