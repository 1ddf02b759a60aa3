// ndarray (scijs): an array's `data` is the typed array that the optimizer updates; nothing is copied.
import { ClippyAdagrad } from 'clippy-adagrad'
import ndarray from 'ndarray'
import { INPUTS, inputs, OUTPUTS, print, ROWS, SETTINGS, STEPS, startBias, startKernel, targets } from './problem.ts'

const x = ndarray(inputs, [ROWS, INPUTS])
const y = ndarray(targets, [ROWS, OUTPUTS])
const kernel = ndarray(startKernel.slice(), [INPUTS, OUTPUTS])
const bias = ndarray(startBias.slice())
const kernelGradient = ndarray(new Float32Array(kernel.size), kernel.shape)
const biasGradient = ndarray(new Float32Array(bias.size))

/** The mean squared error; fills the gradients. */
function loss(): number {
  let sum = 0
  kernelGradient.data.fill(0)
  biasGradient.data.fill(0)
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < OUTPUTS; column++) {
      let error = bias.get(column) - y.get(row, column)
      for (let i = 0; i < INPUTS; i++) error += x.get(row, i) * kernel.get(i, column)
      sum += error ** 2 / y.size
      const slope = (2 * error) / y.size
      for (let i = 0; i < INPUTS; i++) {
        kernelGradient.set(i, column, kernelGradient.get(i, column) + x.get(row, i) * slope)
      }
      biasGradient.set(column, biasGradient.get(column) + slope)
    }
  }
  return sum
}

const optimizer = new ClippyAdagrad(SETTINGS)
for (let n = 0; n < STEPS; n++) {
  loss()
  optimizer.applyGradients([
    [kernelGradient.data, kernel.data],
    [biasGradient.data, bias.data],
  ])
}
print(loss(), kernel.data, bias.data)
