import { type FloatArray, type Gradient, isSparse, requireFloatArray, valuesOf } from '../step/index.ts'
import { dtypeOf, zeros } from './arrays.ts'

/** How gradients are clipped before a step, if at all; Keras's clipnorm, globalClipnorm and clipvalue. */
export type GradientClipping =
  | { readonly kind: 'none' }
  | { readonly kind: 'norm'; readonly limit: number }
  | { readonly kind: 'globalNorm'; readonly limit: number }
  | { readonly kind: 'value'; readonly limit: number }

/** The gradients after clipping: new arrays where something changed. All values are finite. */
export function clipGradients(gradients: readonly Gradient[], clipping: GradientClipping): readonly Gradient[] {
  if (clipping.kind === 'none') return gradients
  const { kind, limit } = clipping
  if (kind === 'value') return gradients.map((gradient) => withValues(gradient, clamped(valuesOf(gradient), limit)))
  if (kind === 'norm') return gradients.map((gradient) => scaledDown(gradient, normScale([gradient], limit)))
  const scale = normScale(gradients, limit)
  return gradients.map((gradient) => scaledDown(gradient, scale))
}

function withValues(gradient: Gradient, values: FloatArray): Gradient {
  return isSparse(gradient) ? { indices: gradient.indices, values } : values
}

function clamped(values: FloatArray, limit: number): FloatArray {
  const result = zeros(values.length, dtypeOf(values))
  const high = largestUpTo(limit, values)
  for (let i = 0; i < values.length; i++) {
    const x = values[i]
    result[i] = x > high ? high : x < -high ? -high : x
  }
  return result
}

/** The largest number of the array's precision that is not above the limit. */
function largestUpTo(limit: number, values: FloatArray): number {
  const { round, largest, nextToward } = requireFloatArray(values, 'gradient')
  const rounded = Math.min(round(limit), largest)
  return rounded > limit ? nextToward(rounded, 0) : rounded
}

/** A factor in two parts, to be multiplied one after the other where their product would underflow. */
interface Scale {
  readonly first: number
  readonly second: number
}

/** What brings the norm of all values together down to the limit; undefined where it is within. */
function normScale(gradients: readonly Gradient[], limit: number): Scale | undefined {
  // A sum of squares among the normal numbers has lost nothing that counts.
  const sum = sumOfSquares(gradients, 1)
  if (sum >= 2 ** -900 && sum <= Number.MAX_VALUE) {
    const scale = limit / Math.sqrt(sum)
    if (scale >= 1) return undefined
    if (scale >= 2 ** -1022) return { first: scale, second: 1 }
  }
  const largest = gradients.reduce((most, gradient) => Math.max(most, largestOf(valuesOf(gradient))), 0)
  if (largest === 0) return undefined
  const root = Math.sqrt(sumOfSquares(gradients, largest))
  const scale = limit / largest / root
  if (scale >= 1) return undefined
  // A scale below the normal numbers has lost digits, or is 0.
  return scale >= 2 ** -1022 ? { first: scale, second: 1 } : { first: 1 / largest, second: limit / root }
}

/** The sum of (x / unit)² in double, in four parts, so that no addition waits for the one before it. */
function sumOfSquares(gradients: readonly Gradient[], unit: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0]
  for (const gradient of gradients) {
    const values = valuesOf(gradient)
    const { length } = values
    let i = 0
    if (unit === 1) {
      for (; i + 3 < length; i += 4) {
        s0 += values[i] * values[i]
        s1 += values[i + 1] * values[i + 1]
        s2 += values[i + 2] * values[i + 2]
        s3 += values[i + 3] * values[i + 3]
      }
    }
    for (; i < length; i++) s0 += (values[i] / unit) ** 2
  }
  return s0 + s1 + s2 + s3
}

function largestOf(values: FloatArray): number {
  let largest = 0
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]))
  return largest
}

function scaledDown(gradient: Gradient, scale: Scale | undefined): Gradient {
  if (scale === undefined) return gradient
  const values = valuesOf(gradient)
  const result = zeros(values.length, dtypeOf(values))
  const { first, second } = scale
  for (let i = 0; i < values.length; i++) result[i] = values[i] * first * second
  return withValues(gradient, result)
}
