import { type Gradient, Optimizer, type OptimizerOptions, type Variable } from 'clippy-adagrad'

/** Gradient descent with momentum, for each weight w with its velocity v: v ← momentum · v − learningRate · g; w ← w + v. */
export class MomentumSgd extends Optimizer {
  static override readonly className: string = 'MomentumSgd'
  readonly #momentum: number
  #velocities: readonly Variable[] = []

  constructor({ momentum = 0.9, ...options }: OptimizerOptions & { readonly momentum?: number } = {}) {
    super(options)
    if (!(momentum >= 0 && momentum < 1)) throw new RangeError(`momentum is ${momentum}; expected a number in [0, 1)`)
    this.#momentum = momentum
  }

  protected override createSlots(variables: readonly Variable[]): void {
    this.#velocities = variables.map((variable) => this.addVariableFromReference(variable, 'velocity'))
  }

  override updateStep(gradient: Gradient, variable: Variable): void {
    const w = variable.value
    const v = this.#velocities[this.indexOf(variable)].value
    const rate = this.learningRate
    // A sparse gradient has whole rows of values; a dense one is a single row of all of them.
    const { indices, values } = 'indices' in gradient ? gradient : { indices: [0], values: gradient }
    const width = values.length / indices.length
    for (let j = 0; j < values.length; j++) {
      const i = indices[Math.floor(j / width)] * width + (j % width)
      v[i] = this.#momentum * v[i] - rate * values[j]
      w[i] += v[i]
    }
  }

  override getConfig(): Record<string, unknown> {
    return { ...super.getConfig(), momentum: this.#momentum }
  }
}
