import * as tf from '@tensorflow/tfjs'
import { ClippyAdagrad } from 'clippy-adagrad'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ClippyAdagradOptimizer } from '../clippy-adagrad-optimizer.ts'
import { PAPER, sameBits } from './support.ts'

const test = suite('tf.js: minimize')

const START = { kernel: [0.5, -1, 2, 0.25], bias: [0, 1] }

interface Trained {
  readonly kernel: tf.Variable
  readonly bias: tf.Variable
  readonly loss: () => tf.Scalar
}

/** Runs with two variables that nothing else trains. */
function withVariables(run: (trained: Trained) => void): void {
  const kernel = tf.variable(tf.tensor2d(START.kernel, [2, 2]))
  const bias = tf.variable(tf.tensor1d(START.bias))
  const x = tf.tensor2d([1, 2, -3, 0.5], [2, 2])
  const loss = (): tf.Scalar => x.matMul(kernel).add(bias).square().mean()
  run({ kernel, bias, loss })
  tf.dispose([kernel, bias, x])
}

for (const named of [true, false]) {
  test(`minimize ${named ? 'of named variables' : 'of all variables'} has the bits of ClippyAdagrad itself`, () => {
    withVariables(({ kernel, bias, loss }) => {
      const optimizer = new ClippyAdagradOptimizer(PAPER)
      const own = new ClippyAdagrad(PAPER)
      const arrays = [Float32Array.from(START.kernel), Float32Array.from(START.bias)]
      for (let n = 0; n < 5; n++) {
        const { value, grads } = tf.variableGrads(loss, [kernel, bias])
        const gradients = [kernel, bias].map(({ name }) => grads[name].dataSync<'float32'>().slice())
        const cost = named ? optimizer.minimize(loss, true, [kernel, bias]) : optimizer.minimize(loss, true)
        assert.is(cost?.dataSync()[0], value.dataSync()[0])
        own.applyGradients(gradients.map((gradient, k) => [gradient, arrays[k]]))
        sameBits([kernel.dataSync<'float32'>(), bias.dataSync<'float32'>()], arrays, `after step ${n + 1}`)
      }
      assert.is(optimizer.iterations, 5)
    })
  })
}

test('minimize returns null where the cost is not asked for', () => {
  withVariables(({ kernel, loss }) => {
    assert.is(new ClippyAdagradOptimizer(PAPER).minimize(loss, false, [kernel]), null)
  })
})

test('a value that was assigned between steps is where the next step starts', () => {
  withVariables(({ kernel, loss }) => {
    const optimizer = new ClippyAdagradOptimizer(PAPER)
    optimizer.minimize(loss, false, [kernel])
    tf.tidy(() => kernel.assign(tf.fill([2, 2], 100)))
    optimizer.minimize(loss, false, [kernel])
    for (const w of kernel.dataSync()) assert.ok(w >= 49 && w < 100, `${w}`)
  })
})

test('a variable without a gradient stays, and is trained when it has one', () => {
  withVariables(({ kernel, bias, loss }) => {
    const { warn } = console
    console.warn = () => {}
    try {
      const optimizer = new ClippyAdagradOptimizer(PAPER)
      const { grads } = optimizer.computeGradients(loss, [kernel, bias])
      const before = bias.dataSync<'float32'>().slice()
      // tf.js gives null for a variable that the loss does not depend on; its types do not say so.
      const none = null as unknown as tf.Tensor
      optimizer.applyGradients([
        { name: kernel.name, tensor: grads[kernel.name] },
        { name: bias.name, tensor: none },
      ])
      sameBits([bias.dataSync<'float32'>()], [before], 'bias')
      optimizer.applyGradients(grads)
      assert.not.equal(bias.dataSync(), before)
    } finally {
      console.warn = warn
    }
  })
})

test('an optimizer that was made elsewhere can be given instead of options', () => {
  withVariables(({ bias, loss }) => {
    const own = new ClippyAdagrad({ ...PAPER, weightDecay: 0.5 })
    own.excludeFromWeightDecay({ varNames: [bias.name] })
    const optimizer = new ClippyAdagradOptimizer(own)
    assert.is(optimizer.clippy, own)
    optimizer.minimize(loss)
    assert.is(own.iterations, 1)
  })
})

test.run()
