// jax-js differentiates: its valueAndGrad gives what `minimize` wants of a loss. In Node.js it runs on WebAssembly.
import { defaultDevice, init, type Array as JaxArray, numpy as np, valueAndGrad } from '@jax-js/jax'
import { ClippyAdagrad } from 'clippy-adagrad'
import { INPUTS, inputs, OUTPUTS, print, ROWS, SETTINGS, STEPS, startBias, startKernel, targets } from './problem.ts'

await init('wasm')
defaultDevice('wasm')

const kernel = startKernel.slice()
const bias = startBias.slice()

const x = np.array(inputs).reshape([ROWS, INPUTS])
const y = np.array(targets).reshape([ROWS, OUTPUTS])

// jax-js frees an array with its last use; `ref` says that there will be another.
const meanSquaredError = ([kernel, bias]: JaxArray[]): JaxArray =>
  np.mean(np.square(np.matmul(x.ref, kernel).add(bias).sub(y.ref)))
const differentiated = valueAndGrad(meanSquaredError)

const loss = () => {
  const [value, gradients] = differentiated([np.array(kernel).reshape([INPUTS, OUTPUTS]), np.array(bias)])
  return { value: value.item(), gradients: gradients.map((gradient) => gradient.dataSync() as Float32Array) }
}

const optimizer = new ClippyAdagrad(SETTINGS)
for (let n = 0; n < STEPS; n++) optimizer.minimize(loss, [kernel, bias])
print(loss().value, kernel, bias)
