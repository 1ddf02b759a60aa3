// tf.js differentiates, ClippyAdagrad trains its own variables: tf.variableGrads as a tape.
import * as tf from '@tensorflow/tfjs'
import { ClippyAdagrad, type Tape, Variable } from 'clippy-adagrad'
import { INPUTS, inputs, OUTPUTS, print, ROWS, SETTINGS, STEPS, startBias, startKernel, targets } from './problem.ts'

const kernel = new Variable(startKernel.slice(), { name: 'kernel', shape: [INPUTS, OUTPUTS] })
const bias = new Variable(startBias.slice(), { name: 'bias' })
const variables = [kernel, bias]

const x = tf.tensor2d(inputs, [ROWS, INPUTS])
const y = tf.tensor2d(targets, [ROWS, OUTPUTS])
// tf.js differentiates by variables of its own, which take over the values whenever the loss is asked for.
const mirrors = variables.map(({ name, shape }) => tf.variable(tf.zeros([...shape]), true, name))

let result: tf.Scalar
const loss = (): number => {
  for (const [k, { value }] of variables.entries()) mirrors[k].assign(tf.tensor(value.slice(), mirrors[k].shape))
  const [kernel, bias] = mirrors
  result = x.matMul(kernel).add(bias).sub(y).square().mean()
  return result.dataSync()[0]
}

const tape: Tape = {
  gradient: (loss, variables) =>
    tf.tidy(() => {
      const { grads } = tf.variableGrads(() => {
        loss()
        return result
      })
      return variables.map(({ name }) => grads[name].dataSync<'float32'>())
    }),
}

const optimizer = new ClippyAdagrad(SETTINGS)
for (let n = 0; n < STEPS; n++) optimizer.minimize(loss, variables, { tape })
print(tf.tidy(loss), kernel.value, bias.value)
