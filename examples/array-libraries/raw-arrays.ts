// No library: the gradient worked out by hand, on raw arrays. The other recipes have to end where this one does.
import { ClippyAdagrad } from 'clippy-adagrad'
import { INPUTS, inputs, OUTPUTS, print, ROWS, SETTINGS, STEPS, startBias, startKernel, targets } from './problem.ts'

const kernel = startKernel.slice()
const bias = startBias.slice()
const kernelGradient = new Float32Array(kernel.length)
const biasGradient = new Float32Array(bias.length)

/** The mean squared error; fills the gradients. */
function loss(): number {
  let sum = 0
  kernelGradient.fill(0)
  biasGradient.fill(0)
  for (let j = 0; j < ROWS * OUTPUTS; j++) {
    const [row, column] = [Math.floor(j / OUTPUTS), j % OUTPUTS]
    const x = inputs.subarray(row * INPUTS, (row + 1) * INPUTS)
    const error = x.reduce((total, xi, i) => total + xi * kernel[i * OUTPUTS + column], bias[column]) - targets[j]
    sum += error ** 2
    const slope = (2 * error) / targets.length
    for (let i = 0; i < INPUTS; i++) kernelGradient[i * OUTPUTS + column] += x[i] * slope
    biasGradient[column] += slope
  }
  return sum / targets.length
}

const optimizer = new ClippyAdagrad(SETTINGS)
for (let n = 0; n < STEPS; n++) {
  loss()
  optimizer.applyGradients([
    [kernelGradient, kernel],
    [biasGradient, bias],
  ])
}
print(loss(), kernel, bias)
