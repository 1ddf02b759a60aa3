import { type FloatArray, type Gradient, requireFloatArray } from '../step/index.ts'
import { clampInto, largestMagnitude, multiplyInto, sumOfScaledSquares, sumOfSquares } from './loops.ts'
import { isSparse, valuesOf } from './sparse.ts'

/** How gradients are clipped before a step, if at all; Keras's clipnorm, globalClipnorm and clipvalue. */
export type GradientClipping =
  | { readonly kind: 'none' }
  | { readonly kind: 'norm'; readonly limit: number }
  | { readonly kind: 'globalNorm'; readonly limit: number }
  | { readonly kind: 'value'; readonly limit: number }

/**
 * The gradients after clipping; undefined where a value is not finite: a clipped infinity would look finite. Of a sparse
 * gradient the rows count as given: the norm is taken before repeated ones are summed, as in the reference.
 *
 * @param room - an array to write the k-th result to, of its gradient's length and precision.
 */
export function clipGradients(
  gradients: readonly Gradient[],
  clipping: GradientClipping,
  room: (k: number) => FloatArray,
): readonly Gradient[] | undefined {
  if (clipping.kind === 'none') return gradients
  const { kind, limit } = clipping
  let areFinite = true
  const common = kind === 'globalNorm' ? normScale(gradients, limit) : undefined
  const clipped = gradients.map((gradient, k) => {
    const values = valuesOf(gradient)
    if (kind === 'value') {
      const result = room(k)
      areFinite = clampInto(result, values, largestUpTo(limit, values)) && areFinite
      return withValues(gradient, result)
    }
    const scale = common ?? normScale([gradient], limit)
    areFinite = areFinite && !Number.isNaN(scale.first)
    if (scale.first === 1) return gradient
    const result = room(k)
    multiplyInto(result, values, scale.first, scale.second)
    return withValues(gradient, result)
  })
  return areFinite ? clipped : undefined
}

function withValues(gradient: Gradient, values: FloatArray): Gradient {
  return isSparse(gradient) ? { indices: gradient.indices, values } : values
}

/** The largest number of the array's precision that is not above the limit. */
function largestUpTo(limit: number, values: FloatArray): number {
  const { round, largest, nextToward } = requireFloatArray(values, 'gradient')
  const rounded = Math.min(round(limit), largest)
  return rounded > limit ? nextToward(rounded, 0) : rounded
}

/** A factor in two parts, to be multiplied one after the other: their product may be smaller than any normal double. */
interface Scale {
  readonly first: number
  readonly second: number
}

/** What brings the norm of all values together down to the limit: 1 where it is within, NaN where a value is not finite. */
function normScale(gradients: readonly Gradient[], limit: number): Scale {
  const arrays = gradients.map(valuesOf)
  const total = (partOf: (values: FloatArray) => number) => arrays.reduce((sum, values) => sum + partOf(values), 0)
  const plain = total(sumOfSquares)
  // What has underflowed in such a sum is less than its rounding.
  const isSafe = plain >= 2 ** -900 && plain <= Number.MAX_VALUE
  const largest = isSafe ? 1 : Math.max(0, ...arrays.map(largestMagnitude))
  if (largest === 0) return { first: 1, second: 1 }
  if (!(largest <= Number.MAX_VALUE)) return { first: Number.NaN, second: 1 }
  const root = Math.sqrt(isSafe ? plain : total((values) => sumOfScaledSquares(values, largest)))
  const scale = limit / largest / root
  if (scale >= 1) return { first: 1, second: 1 }
  // Below the normal numbers it has lost digits, or is 0.
  return scale >= 2 ** -1022 ? { first: scale, second: 1 } : { first: 1 / largest, second: limit / root }
}
