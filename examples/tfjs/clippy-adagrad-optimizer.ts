/**
 * ClippyAdagrad as an optimizer of tf.js: give it to `model.compile`, or call its `minimize`, where you would take
 * `tf.train.adagrad(rate)`. This file is made to be copied; it needs `@tensorflow/tfjs` and `clippy-adagrad`.
 *
 *     const optimizer = new ClippyAdagradOptimizer({ learningRate: 0.5, absoluteThreshold: 0.01 })
 *     model.compile({ optimizer, loss: 'meanSquaredError' })
 *     await model.fit(x, y)                              // a NaN rejects it and leaves every weight as it was
 *     await model.save(place, { includeOptimizer: true })
 *     const resumed = await tf.loadLayersModel(place)    // goes on with the bits of a run that never stopped
 *
 * A callback may read and set `optimizer.learningRate`. `optimizer.clippy` is the ClippyAdagrad inside, for all else:
 * `clippingFactors`, `explain`, `excludeFromWeightDecay` and so on.
 *
 * What is copied, and why: `dataSync()` may return the very memory of a tensor, which its clones share, and
 * `tf.tensor(array)` keeps the array it is given. So nothing that tf.js returned is ever written to, and nothing that
 * will be written to is given to tf.js: weights are copied out and back in at every step, state when it is read or set.
 * Gradients are not copied, because they are only read, and only during the step.
 */
import * as tf from '@tensorflow/tfjs'
import { ClippyAdagrad, type ClippyAdagradOptions, Variable } from 'clippy-adagrad'

/** tf.js has this type and does not export it. */
type NamedTensor = { name: string; tensor: tf.Tensor }

/** One entry of the optimizer's state: the step count, an average, an accumulator or a factor. */
type State = Pick<Variable, 'name' | 'shape'> & { readonly value: Float32Array | Float64Array | Int32Array }

export class ClippyAdagradOptimizer extends tf.Optimizer {
  /** The name that stands for this class in a saved model. */
  static readonly className = 'ClippyAdagrad'
  readonly clippy: ClippyAdagrad
  /** For each variable of tf.js the array that `clippy` trains. */
  readonly #weights = new WeakMap<tf.Variable, Variable>()
  /** State that was set before the first step, which shows the variables that it belongs to. */
  #pending: readonly State[] | undefined
  /** The tensors of `getWeights`. `model.save` does not free them, so the same ones serve every call. */
  #shown: tf.Variable[] = []

  constructor(options: ClippyAdagradOptions | ClippyAdagrad = {}) {
    super()
    this.clippy = options instanceof ClippyAdagrad ? options : new ClippyAdagrad(options)
  }

  override get iterations(): number {
    return this.clippy.iterations
  }

  /** The rate that the next step will use. Throws TypeError when set where it is a schedule. */
  get learningRate(): number {
    return this.clippy.learningRate
  }

  set learningRate(rate: number) {
    this.clippy.learningRate = rate
  }

  /** As in tf.js, but in a `tidy`, which frees the gradients when a step throws. */
  override minimize(f: () => tf.Scalar, returnCost?: boolean, varList?: tf.Variable[]): tf.Scalar | null {
    // A tidy returns null as well, though its types do not say so.
    return tf.tidy(() => super.minimize(f, returnCost, varList) as tf.Scalar)
  }

  /** Takes one step; throws before any variable has changed. */
  override applyGradients(given: tf.NamedTensorMap | NamedTensor[]): void {
    const named = Array.isArray(given) ? given : Object.entries(given).map(([name, tensor]) => ({ name, tensor }))
    const steps = named.map(({ name, tensor }) => {
      const variable = tf.engine().registeredVariables[name]
      const weights = this.#weightsOf(variable)
      // Copied at every step, because anyone may have assigned to the variable since the last one.
      weights.value.set(variable.dataSync())
      return { variable, weights, gradient: tensor?.dataSync<'float32'>() }
    })
    if (this.#pending !== undefined) {
      this.clippy.build(steps.map(({ weights }) => weights))
      this.#restore(this.#pending)
      this.#pending = undefined
    }
    this.clippy.applyGradients(steps.map(({ gradient, weights }) => [gradient, weights]))
    for (const { variable, weights, gradient } of steps) {
      if (gradient !== undefined) tf.tidy(() => variable.assign(tf.tensor(weights.value.slice(), variable.shape)))
    }
  }

  #weightsOf(variable: tf.Variable): Variable {
    const { name, shape, size } = variable
    const weights = this.#weights.get(variable) ?? new Variable(new Float32Array(size), { name, shape })
    this.#weights.set(variable, weights)
    return weights
  }

  /** The state, in tensors that stay the optimizer's own: the next call writes to them, and `dispose` frees them. */
  override async getWeights(): Promise<NamedTensor[]> {
    const states: readonly State[] = this.#pending ?? this.clippy.variables
    return states.map((state, k) => ({ name: state.name, tensor: this.#show(state, k) }))
  }

  #show({ shape, value }: State, k: number): tf.Variable {
    return tf.tidy(() => {
      // The count is the first. A float32 counts to 2²⁴ only. A clipping factor, a double, is rounded to float32.
      const tensor = k === 0 ? tf.scalar(value[0], 'int32') : tf.tensor(Float32Array.from(value), [...shape])
      if (this.#shown[k]?.isDisposed === false) this.#shown[k].assign(tensor)
      else this.#shown[k] = tf.variable(tensor, false)
      return this.#shown[k]
    })
  }

  /** Replaces the state by what `getWeights` gave. What does not fit is refused here, or at the first step. */
  override async setWeights(weights: NamedTensor[]): Promise<void> {
    const read = async ({ name, tensor }: NamedTensor): Promise<State> => {
      return { name, shape: tensor.shape, value: (await tensor.data<'float32' | 'int32'>()).slice() }
    }
    const states = await Promise.all(weights.map(read))
    if (this.clippy.built) return this.#restore(states)
    // Already now, as the rate of a schedule depends on it. There is no more in what was saved before a first step.
    this.clippy.iterations = states[0]?.value[0]
    this.#pending = states.length > 1 ? states : undefined
  }

  #restore(states: readonly State[]): void {
    const { variables } = this.clippy
    for (const [k, { name, shape }] of states.entries()) {
      const expected = variables[k]?.shape
      if (expected !== undefined && String(shape) !== String(expected))
        throw new RangeError(`the saved ${name} has shape [${shape}]; expected [${expected}]: is it of this model?`)
    }
    // Count and factors are doubles here; tf.js, which has none, gives them back as int32 and float32.
    const isDouble = (k: number): boolean => variables[k]?.value instanceof Float64Array
    this.clippy.setWeights(states.map(({ value }, k) => (isDouble(k) ? Float64Array.from(value) : value)))
  }

  override dispose(): void {
    tf.dispose(this.#shown)
    this.#shown = []
  }

  /** Every option, as plain JSON data. */
  override getConfig(): tf.serialization.ConfigDict {
    return this.clippy.getConfig() as tf.serialization.ConfigDict
  }

  /** tf.js adds `customObjects`. For schedules of your own, give their classes to ClippyAdagrad.fromConfig below. */
  static override fromConfig<Made extends tf.serialization.Serializable>(
    cls: tf.serialization.SerializableConstructor<Made>,
    { customObjects: _customObjects, ...config }: tf.serialization.ConfigDict,
  ): Made {
    return new cls(ClippyAdagrad.fromConfig(config))
  }
}

tf.serialization.registerClass(ClippyAdagradOptimizer)
