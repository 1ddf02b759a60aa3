// ClippyAdagrad as an optimizer of tf.js, in the place of tf.train.adagrad(rate): it trains tf.js's variables.
import * as tf from '@tensorflow/tfjs'
import { ClippyAdagrad, type ClippyAdagradOptions, Variable } from 'clippy-adagrad'
import { INPUTS, inputs, OUTPUTS, print, ROWS, SETTINGS, STEPS, startBias, startKernel, targets } from './problem.ts'

class ClippyOptimizer extends tf.Optimizer {
  static readonly className = 'ClippyAdagrad'
  readonly #optimizer: ClippyAdagrad
  /** Arrays of their own by the tensors' names, as the optimizer knows an array by identity. */
  readonly #weights = new Map<string, Variable>()

  constructor(options: ClippyAdagradOptions) {
    super()
    this.#optimizer = new ClippyAdagrad(options)
  }

  override applyGradients(given: Record<string, tf.Tensor> | { name: string; tensor: tf.Tensor }[]): void {
    const named = Array.isArray(given) ? given : Object.entries(given).map(([name, tensor]) => ({ name, tensor }))
    const steps = named.map(({ name, tensor }) => {
      const variable = tf.engine().registeredVariables[name]
      const weights = this.#weights.get(name) ?? new Variable(new Float32Array(variable.size), { name })
      this.#weights.set(name, weights)
      weights.value.set(variable.dataSync())
      return { variable, weights, gradient: tensor.dataSync<'float32'>() }
    })
    this.#optimizer.applyGradients(steps.map(({ gradient, weights }) => [gradient, weights]))
    for (const { variable, weights } of steps) {
      tf.tidy(() => variable.assign(tf.tensor(weights.value.slice(), variable.shape)))
    }
  }

  override getConfig(): tf.serialization.ConfigDict {
    return JSON.parse(JSON.stringify(this.#optimizer.getConfig()))
  }
}

const kernel = tf.variable(tf.tensor2d(startKernel.slice(), [INPUTS, OUTPUTS]), true, 'kernel')
const bias = tf.variable(tf.tensor1d(startBias.slice()), true, 'bias')
const x = tf.tensor2d(inputs, [ROWS, INPUTS])
const y = tf.tensor2d(targets, [ROWS, OUTPUTS])
const loss = (): tf.Scalar => x.matMul(kernel).add(bias).sub(y).square().mean()

const optimizer = new ClippyOptimizer(SETTINGS)
for (let n = 0; n < STEPS; n++) optimizer.minimize(loss)
print(loss().dataSync()[0], kernel.dataSync<'float32'>(), bias.dataSync<'float32'>())
