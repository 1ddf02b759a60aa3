import { type FloatArray, type Gradient, isSparse } from '../step/index.ts'
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
  if (kind === 'norm') return gradients.map((gradient) => multiplied(gradient, normScale([gradient], clipping.limit)))
  const scale = normScale(gradients, clipping.limit)
  return gradients.map((gradient) => multiplied(gradient, scale))
}

function clamp(x: number, limit: number): number {
  return Math.min(Math.max(x, -limit), limit)
}

/**
 * min(1, limit / norm) of all values together. They are divided by the largest before they are squared, so that the norm
 * does not overflow, nor vanish.
 */
function normScale(gradients: readonly Gradient[], limit: number): number {
  let largest = 0
  for (const gradient of gradients) for (const x of valuesOf(gradient)) largest = Math.max(largest, Math.abs(x))
  if (largest === 0) return 1
  let sum = 0
  for (const gradient of gradients) {
    const values = valuesOf(gradient)
    for (let i = 0; i < values.length; i++) sum += (values[i] / largest) ** 2
  }
  return Math.min(1, limit / largest / Math.sqrt(sum))
}

function multiplied(gradient: Gradient, scale: number): Gradient {
  return scale === 1 ? gradient : mapValues(gradient, (x) => x * scale)
}

function mapValues(gradient: Gradient, change: (x: number) => number): Gradient {
  const values = valuesOf(gradient)
  const changed = zeros(values.length, dtypeOf(values))
  for (let i = 0; i < values.length; i++) changed[i] = change(values[i])
  return isSparse(gradient) ? { indices: gradient.indices, values: changed } : changed
}

function valuesOf(gradient: Gradient): FloatArray {
  return isSparse(gradient) ? gradient.values : gradient
}
