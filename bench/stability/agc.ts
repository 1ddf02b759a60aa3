import { ClippyAdagrad, type ClippyAdagradOptions, type FloatArray, type Gradient, type Variable } from 'clippy-adagrad'

/** λ: the largest ratio of a unit's gradient norm to its weight norm. */
const CLIPPING = 0.01
/** ε: weights of a smaller norm count as this, so that units of zeros can learn. */
const SMALLEST_NORM = 1e-3

export interface AgcOptions extends ClippyAdagradOptions {
  /** Variables whose gradients are left alone: the paper does not clip the final layer; none. */
  readonly unclipped?: readonly Variable[]
}

/**
 * Adagrad after adaptive gradient clipping (Brock et al. 2021, "High-performance large-scale image recognition without
 * normalization"): where ‖G‖ / max(‖W‖, ε) > λ for a unit's weights W and their gradient G, the gradient becomes
 * λ · max(‖W‖, ε) / ‖G‖ · G, with λ = 0.01 and ε = 0.001.
 *
 * A unit is an output of a layer, as in the paper: a column of weights that are inputs × outputs. A vector (a bias) is
 * one unit, as in the authors' code. A sparse gradient has one unit for each row that it names: a row is what an
 * embedding table puts out, and the only part of it that such a step may read.
 */
export class AgcAdagrad extends ClippyAdagrad {
  static override readonly className: string = 'AgcAdagrad'
  readonly #unclipped: ReadonlySet<FloatArray>

  constructor({ unclipped = [], ...options }: AgcOptions = {}) {
    super({ ...options, absoluteThreshold: Number.POSITIVE_INFINITY, useStandardAccumulatorUpdate: true })
    this.#unclipped = new Set(unclipped.map(({ value }) => value))
  }

  override updateStep(gradient: Gradient, variable: Variable): void {
    super.updateStep(this.#unclipped.has(variable.value) ? gradient : this.#clip(gradient, variable), variable)
  }

  /** A clipped copy. */
  #clip(gradient: Gradient, { value, shape }: Variable): Gradient {
    if ('indices' in gradient) {
      const values = gradient.values.slice()
      const width = values.length / gradient.indices.length
      gradient.indices.forEach((row: number, entry: number) => {
        const weights = value.subarray(row * width, (row + 1) * width)
        clipUnit(values.subarray(entry * width, (entry + 1) * width), weights, 0, 1)
      })
      return { indices: gradient.indices, values }
    }
    const values = gradient.slice()
    const units = shape.length === 2 ? shape[1] : 1
    for (let unit = 0; unit < units; unit++) clipUnit(values, value, unit, units)
    return values
  }
}

/** Clips every `stride`-th value from `start` on, which belong to one unit, in place. */
function clipUnit(gradient: FloatArray, weights: FloatArray, start: number, stride: number): void {
  let gradientSquares = 0
  let weightSquares = 0
  for (let i = start; i < gradient.length; i += stride) {
    gradientSquares += gradient[i] * gradient[i]
    weightSquares += weights[i] * weights[i]
  }
  const norm = Math.sqrt(gradientSquares)
  const largest = CLIPPING * Math.max(Math.sqrt(weightSquares), SMALLEST_NORM)
  if (norm <= largest) return
  for (let i = start; i < gradient.length; i += stride) gradient[i] *= largest / norm
}
