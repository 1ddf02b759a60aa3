import { type FloatArray, type Gradient, Optimizer, type OptimizerOptions, type Variable } from 'clippy-adagrad'

const BETA_1 = 0.9
const BETA_2 = 0.999
const EPSILON = 1e-6

/**
 * LAMB (You et al. 2020, "Large batch optimization for deep learning: training BERT in 76 minutes", Algorithm 2) with
 * bias correction, without weight decay and with φ the identity. For each variable x with gradient g at step t:
 *
 *     m ← β₁ · m + (1 − β₁) · g        v ← β₂ · v + (1 − β₂) · g²
 *     r = (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)
 *     x ← x − learningRate · ‖x‖ / ‖r‖ · r
 *
 * with β₁ = 0.9, β₂ = 0.999, ε = 1e-6. Where x or r is all zeros the quotient of norms is 1, as in the authors' code:
 * else a bias of zeros could never learn.
 *
 * A sparse gradient means what the dense one with zeros elsewhere means: all moments fade and all rows move. Moments of
 * the named rows only would give a row a bias correction, and a share of ‖r‖, that the algorithm does not have.
 */
export class Lamb extends Optimizer {
  static override readonly className: string = 'Lamb'
  #first: readonly Variable[] = []
  #second: readonly Variable[] = []
  readonly #directions: FloatArray[] = []

  constructor(options: OptimizerOptions = {}) {
    super(options)
  }

  protected override createSlots(variables: readonly Variable[]): void {
    this.#first = variables.map((variable) => this.addVariableFromReference(variable, 'first_moment'))
    this.#second = variables.map((variable) => this.addVariableFromReference(variable, 'second_moment'))
  }

  override updateStep(gradient: Gradient, variable: Variable): void {
    const place = this.indexOf(variable)
    const x = variable.value
    const [m, v] = [this.#first[place].value, this.#second[place].value]
    for (let i = 0; i < x.length; i++) {
      m[i] *= BETA_1
      v[i] *= BETA_2
    }
    addMoments(m, v, gradient)

    // The count goes up only after the step.
    const t = this.iterations + 1
    const firstScale = 1 / (1 - BETA_1 ** t)
    const secondScale = 1 / (1 - BETA_2 ** t)
    this.#directions[place] ??= x.slice()
    const r = this.#directions[place]
    for (let i = 0; i < x.length; i++) r[i] = (m[i] * firstScale) / (Math.sqrt(v[i] * secondScale) + EPSILON)
    const [xNorm, rNorm] = [norm(x), norm(r)]
    const rate = this.learningRate * (xNorm > 0 && rNorm > 0 ? xNorm / rNorm : 1)
    for (let i = 0; i < x.length; i++) x[i] -= rate * r[i]
  }
}

/** Adds the new gradient's share to both moments. */
function addMoments(m: FloatArray, v: FloatArray, gradient: Gradient): void {
  // A dense gradient is a single row of all values.
  const { indices, values } = 'indices' in gradient ? gradient : { indices: [0], values: gradient }
  const width = values.length / indices.length
  for (let entry = 0; entry < indices.length; entry++) {
    for (let k = 0; k < width; k++) {
      const at = indices[entry] * width + k
      const g = values[entry * width + k]
      m[at] += (1 - BETA_1) * g
      v[at] += (1 - BETA_2) * g * g
    }
  }
}

function norm(values: FloatArray): number {
  let squares = 0
  for (let i = 0; i < values.length; i++) squares += values[i] * values[i]
  return Math.sqrt(squares)
}
