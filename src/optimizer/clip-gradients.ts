import { type Gradient, isSparse, valuesOf } from '../step/old/index.ts'
import { dtypeOf, zeros } from './variable.ts'

/** How gradients are clipped before a step, if at all; Keras's clipnorm, globalClipnorm and clipvalue. */
export type GradientClipping =
  | { readonly kind: 'none' }
  | { readonly kind: 'norm'; readonly limit: number }
  | { readonly kind: 'globalNorm'; readonly limit: number }
  | { readonly kind: 'value'; readonly limit: number }

/** The gradients after clipping: new arrays where something changed. All values are finite. */
export function clipGradients(gradients: readonly Gradient[], clipping: GradientClipping): readonly Gradient[] {
  const { kind } = clipping
  if (kind === 'none') return gradients
  if (kind === 'value') return gradients.map((gradient) => mapValues(gradient, (x) => clamp(x, clipping.limit)))
  if (kind === 'norm') return gradients.map((gradient) => limited(gradient, normLimiter([gradient], clipping.limit)))
  const limiter = normLimiter(gradients, clipping.limit)
  return gradients.map((gradient) => limited(gradient, limiter))
}

function clamp(x: number, limit: number): number {
  return Math.min(Math.max(x, -limit), limit)
}

/**
 * What multiplies a value by limit / norm of all values together; undefined where the norm is within the limit. They are
 * divided by the largest before they are squared, so that the norm does not overflow, nor vanish.
 */
function normLimiter(gradients: readonly Gradient[], limit: number): ((x: number) => number) | undefined {
  let largest = 0
  for (const gradient of gradients) for (const x of valuesOf(gradient)) largest = Math.max(largest, Math.abs(x))
  if (largest === 0) return undefined
  let sum = 0
  for (const gradient of gradients) {
    const values = valuesOf(gradient)
    for (let i = 0; i < values.length; i++) sum += (values[i] / largest) ** 2
  }
  const root = Math.sqrt(sum)
  const scale = limit / largest / root
  if (scale >= 1) return undefined
  // A scale below the normal numbers has lost digits, or is 0.
  return scale >= 2 ** -1022 ? (x) => x * scale : (x) => (x / largest) * (limit / root)
}

function limited(gradient: Gradient, limiter: ((x: number) => number) | undefined): Gradient {
  return limiter === undefined ? gradient : mapValues(gradient, limiter)
}

function mapValues(gradient: Gradient, change: (x: number) => number): Gradient {
  const values = valuesOf(gradient)
  const changed = zeros(values.length, dtypeOf(values))
  for (let i = 0; i < values.length; i++) changed[i] = change(values[i])
  return isSparse(gradient) ? { indices: gradient.indices, values: changed } : changed
}
