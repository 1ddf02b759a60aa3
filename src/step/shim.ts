/**
 * What the optimizer will get from the rebuilt step layer, on top of today's plans. Goes when that layer is here.
 */
import { coordinateBound } from './coordinate.ts'
import { refuseNonFinite } from './finite.ts'
import { type Hyperparameters, hyperparameters } from './hyperparameters.ts'
import { planStep, type StepPlan } from './plan.ts'
import { float32, float64, type Precision } from './precision.ts'
import { isGreater, product, quotient, type Scaled, scaled, squareRoot, sum, toNumber } from './scaled.ts'
import { coordinateOf, sparseWidth, summedRows } from './sparse.ts'
import { applyStep } from './step.ts'
import type { FloatArray, Gradient, SparseGradient } from './types.ts'

/** The arrays of one variable's step, checked to fit together. */
export interface Operands {
  readonly plan: StepPlan
}

let defaults: { readonly float32: Hyperparameters; readonly float64: Hyperparameters } | undefined

/** Throws TypeError or RangeError where the arrays' kinds, lengths, memory or row indices do not fit together. */
export function operandsOf(
  variable: FloatArray,
  accumulator: FloatArray,
  gradient: Gradient,
  precision: Precision,
): Operands {
  defaults ??= { float32: hyperparameters({}, float32), float64: hyperparameters({}, float64) }
  return {
    plan: planStep(variable, accumulator, gradient, precision === float32 ? defaults.float32 : defaults.float64),
  }
}

/** First pass: the clipping factor; NaN where the step has to be refused. Reads only. */
export function smallestFactor({ plan }: Operands, h: Hyperparameters): number {
  return plan.engine.smallestFactor(withOptions(plan, h), h.useStandardAccumulatorUpdate)
}

/** The plan is the operands' own, so its options may be exchanged. */
function withOptions(plan: { -readonly [Field in keyof StepPlan]: StepPlan[Field] }, h: Hyperparameters): StepPlan {
  plan.h = h
  return plan
}

/** Throws the RangeError that names array, index and value. */
export function refuse({ plan }: Operands, h: Hyperparameters): never {
  refuseNonFinite(withOptions(plan, h), h.useStandardAccumulatorUpdate)
}

/** Second pass: moves the variable and updates the accumulator. */
export function update({ plan }: Operands, factor: number, h: Hyperparameters): void {
  applyStep(withOptions(plan, h), factor, false)
}

/** The gradient with its rows ascending, each once; the same object where that holds already. */
export function distinctRows(gradient: SparseGradient, variableLength: number): SparseGradient {
  const width = sparseWidth(gradient, variableLength)
  if (isAscending(gradient.indices)) return gradient
  const { indices, values } = summedRows(gradient, width)
  const order = Array.from(indices, (_, k) => k).sort((k, l) => indices[k] - indices[l])
  const sorted = values instanceof Float32Array ? new Float32Array(values.length) : new Float64Array(values.length)
  order.forEach((from, to) => {
    for (let c = 0; c < width; c++) sorted[to * width + c] = values[from * width + c]
  })
  return { indices: Uint32Array.from(order, (k) => indices[k]), values: sorted }
}

function isAscending(indices: ArrayLike<number>): boolean {
  for (let k = 1; k < indices.length; k++) if (indices[k] <= indices[k - 1]) return false
  return true
}

/** What holds a step back. */
export interface OperandsExplained {
  /** The coordinate whose change comes closest to its bound; undefined where nothing moves or nothing is clipped. */
  readonly limiting:
    | { readonly index: number; readonly value: number; readonly proposedChange: number; readonly bound: number }
    | undefined
  /** The share of the touched coordinates whose proposed change is over their bound. */
  readonly shareOverBound: number
}

// Between these, and with a quotient between them, doubles neither overflow nor underflow.
const LOW = 2 ** -500
const HIGH = 2 ** 500

/** Which coordinate comes closest to its bound, in scaled numbers where a double overflows or underflows. */
export function explainOperands({ plan }: Operands, h: Hyperparameters): OperandsExplained {
  const { variable, accumulator, values, width, rows } = plan
  const { round, largest, smallestNormal } = h.precision
  const rate = h.learningRate
  let limiting: OperandsExplained['limiting']
  let smallest = Number.POSITIVE_INFINITY
  let smallestScaled: Scaled | undefined
  let over = 0
  for (let j = 0; j < values.length; j++) {
    const g = values[j]
    if (g === 0 || rate === 0 || !h.clips) continue
    const index = coordinateOf(j, rows, width)
    const w = variable[index]
    const given = accumulator[index]
    const a = h.useStandardAccumulatorUpdate ? Math.min(round(given + round(g * g)), largest) : given
    const bound = coordinateBound(w, a, h)
    const q = Math.max(a + h.epsilon, smallestNormal)
    const change = (rate * Math.abs(g)) / Math.sqrt(q)
    const room = bound / change
    const isPlain =
      h.normal && bound >= LOW && bound <= HIGH && change >= LOW && change <= HIGH && q <= HIGH && q >= LOW
    if (isPlain) {
      if (change > bound) over++
      if (room >= smallest) continue
      smallest = room
      smallestScaled = undefined
      limiting = { index, value: w, proposedChange: g > 0 ? -change : change, bound }
      continue
    }
    const exactQ =
      a < 0
        ? scaled(Math.max(a + h.epsilon, smallestNormal))
        : largerOf(sum(scaled(a), scaled(h.epsilon)), scaled(smallestNormal))
    const root = squareRoot(exactQ)
    const { relative, accumulatorRelative, absolute } = h.thresholds
    const flat = sum(product(scaled(Math.abs(w)), scaled(relative)), scaled(absolute))
    const exactBound = sum(flat, quotient(scaled(accumulatorRelative), root))
    const exactChange = quotient(product(scaled(rate), scaled(Math.abs(g))), root)
    if (isGreater(exactChange, exactBound)) over++
    const exactRoom = quotient(exactBound, exactChange)
    const best = smallestScaled ?? (smallest < Number.POSITIVE_INFINITY ? scaled(smallest) : undefined)
    if (best !== undefined && !isGreater(best, exactRoom)) continue
    smallestScaled = exactRoom
    smallest = toNumber(exactRoom)
    const proposed = Math.min(toNumber(exactChange), Number.MAX_VALUE)
    limiting = { index, value: w, proposedChange: g > 0 ? -proposed : proposed, bound }
  }
  return { limiting, shareOverBound: values.length === 0 ? 0 : over / values.length }
}

function largerOf(x: Scaled, y: Scaled): Scaled {
  return isGreater(x, y) ? x : y
}
