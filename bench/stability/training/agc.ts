import { ClippyAdagrad, type ClippyAdagradOptions, type FloatArray, type Gradient, type Variable } from 'clippy-adagrad'

export interface AgcOptions extends ClippyAdagradOptions {
  /** λ: the largest ratio of a unit's gradient norm to its weight norm; 0.01. */
  readonly clipping?: number
  /** ε: weights of a smaller norm count as this, so that units of zeros can learn; 1e-3. */
  readonly smallestNorm?: number
  /** Variables whose gradients are left alone: the paper does not clip the final layer; none. */
  readonly unclipped?: readonly Variable[]
}

/**
 * Adagrad after adaptive gradient clipping (Brock et al. 2021, "High-performance large-scale image recognition without
 * normalization"): where ‖G‖ / max(‖W‖, ε) > λ for a unit's weights W and their gradient G, the gradient becomes
 * λ · max(‖W‖, ε) / ‖G‖ · G.
 *
 * A unit is an output of a layer, as in the paper: a column of weights that are inputs × outputs. A vector (a bias) is
 * one unit, as in the authors' code. A sparse gradient has one unit for each row that it names: a row is what an
 * embedding table puts out, and the only part of it that such a step may read.
 */
export class AgcAdagrad extends ClippyAdagrad {
  static override readonly className: string = 'AgcAdagrad'
  readonly #clipping: number
  readonly #smallestNorm: number
  readonly #unclipped: ReadonlySet<FloatArray>

  constructor({ clipping = 0.01, smallestNorm = 1e-3, unclipped = [], ...options }: AgcOptions = {}) {
    super({ ...options, absoluteThreshold: Number.POSITIVE_INFINITY, useStandardAccumulatorUpdate: true })
    this.#clipping = clipping
    this.#smallestNorm = smallestNorm
    this.#unclipped = new Set(unclipped.map(({ value }) => value))
  }

  override updateStep(gradient: Gradient, variable: Variable): void {
    super.updateStep(this.#unclipped.has(variable.value) ? gradient : this.#clip(gradient, variable), variable)
  }

  /** A clipped copy. */
  #clip(gradient: Gradient, { value, shape }: Variable): Gradient {
    if ('indices' in gradient) {
      const values = gradient.values.slice()
      const width = shape[1]
      gradient.indices.forEach((row: number, entry: number) => {
        const weights = value.subarray(row * width, (row + 1) * width)
        this.#clipUnit(values.subarray(entry * width, (entry + 1) * width), weights, 0, 1)
      })
      return { indices: gradient.indices, values }
    }
    const values = gradient.slice()
    const units = shape.length === 2 ? shape[1] : 1
    for (let unit = 0; unit < units; unit++) this.#clipUnit(values, value, unit, units)
    return values
  }

  /** Clips every `stride`-th value from `start` on, which belong to one unit, in place. */
  #clipUnit(gradient: FloatArray, weights: FloatArray, start: number, stride: number): void {
    let gradientSquares = 0
    let weightSquares = 0
    for (let i = start; i < gradient.length; i += stride) {
      gradientSquares += gradient[i] * gradient[i]
      weightSquares += weights[i] * weights[i]
    }
    const norm = Math.sqrt(gradientSquares)
    const largest = this.#clipping * Math.max(Math.sqrt(weightSquares), this.#smallestNorm)
    if (norm <= largest) return
    for (let i = start; i < gradient.length; i += stride) gradient[i] *= largest / norm
  }
}
