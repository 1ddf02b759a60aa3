import {
  clippingBound,
  coordinateOf,
  decideFactor,
  type FloatArray,
  type Gradient,
  hyperparameters,
  isSparse,
  planStep,
  requireFloatArray,
  type StepOptions,
  updateAccumulator,
  valuesOf,
  widthOf,
} from '../step/old/index.ts'
import { dtypeOf, zeros } from './variable.ts'

/** The coordinate that comes closest to its bound, or passes it furthest. */
export interface LimitingCoordinate {
  /** Index into the variable's flat value. */
  readonly index: number
  /** What it holds now: after weight decay, if there is any. */
  readonly value: number
  /** What an unclipped step would add to it: −lr · g / √(a + ε). */
  readonly proposedChange: number
  /** The furthest that a step may move it. */
  readonly bound: number
}

/** What a step would do to one variable. */
export interface Explanation {
  /** The variable's name. */
  readonly name: string
  /** The clipping factor that the step would use, in [0, 1]. */
  readonly factor: number
  /** Undefined where no coordinate has a gradient, or clipping is off. */
  readonly limiting: LimitingCoordinate | undefined
  /** The share, in [0, 1], of the coordinates that the gradient touches whose proposed change is over their bound. */
  readonly shareOverBound: number
}

/** Explains a step on one variable; reads only, and throws as the step. The gradient's rows are distinct. */
export function explainStep(
  name: string,
  variable: FloatArray,
  accumulator: FloatArray,
  gradient: Gradient,
  options: StepOptions & { readonly learningRate: number },
): Explanation {
  const h = hyperparameters(options, requireFloatArray(variable, 'variable'))
  const factor = decideFactor(planStep(variable, accumulator, gradient, h), h.useStandardAccumulatorUpdate)
  const values = valuesOf(gradient)
  const indices = touchedIndices(gradient)
  const w = gathered(variable, indices)
  const a = gathered(accumulator, indices)
  if (options.useStandardAccumulatorUpdate) updateAccumulator(a, values)
  const bounds = clippingBound(w, a, options)
  let limiting: LimitingCoordinate | undefined
  let smallest = Number.POSITIVE_INFINITY
  let over = 0
  for (let j = 0; j < values.length; j++) {
    const q = Math.max(a[j] + h.epsilon, h.precision.smallestNormal)
    const proposedChange = -options.learningRate * (values[j] / Math.sqrt(q))
    const room = bounds[j] / Math.abs(proposedChange)
    if (Math.abs(proposedChange) > bounds[j]) over++
    if (room < smallest) {
      smallest = room
      limiting = { index: indices[j], value: w[j], proposedChange, bound: bounds[j] }
    }
  }
  return { name, factor, limiting, shareOverBound: values.length === 0 ? 0 : over / values.length }
}

/** Where in the variable each value of the gradient belongs. */
function touchedIndices(gradient: Gradient): Float64Array {
  if (!isSparse(gradient)) return Float64Array.from(gradient, (_, i) => i)
  const width = widthOf(gradient)
  return Float64Array.from(gradient.values, (_, j) => coordinateOf(j, gradient.indices, width))
}

function gathered(array: FloatArray, indices: Float64Array): FloatArray {
  const values = zeros(indices.length, dtypeOf(array))
  for (let j = 0; j < indices.length; j++) values[j] = array[indices[j]]
  return values
}
