import type { FloatArray } from 'clippy-adagrad'
import { seededRandom } from '../adult/random.ts'

// What every recipe trains: targets ≈ inputs · kernel + bias, by least squares.

export const ROWS = 64
export const INPUTS = 4
export const OUTPUTS = 3

const random = seededRandom(1)
const symmetric = (length: number) => Float32Array.from({ length }, () => 2 * random() - 1)

/** [ROWS, INPUTS] and [ROWS, OUTPUTS], row-major. */
export const inputs = symmetric(ROWS * INPUTS)
export const targets = symmetric(ROWS * OUTPUTS)
const trueKernel = symmetric(INPUTS * OUTPUTS)
for (let j = 0; j < targets.length; j++) {
  // What is random in the targets stays, as noise.
  targets[j] *= 0.1
  const [row, column] = [Math.floor(j / OUTPUTS), j % OUTPUTS]
  for (let i = 0; i < INPUTS; i++) targets[j] += inputs[row * INPUTS + i] * trueKernel[i * OUTPUTS + column]
}

/** Where training starts: [INPUTS, OUTPUTS] and [OUTPUTS]. Read only; each recipe makes a copy. */
export const startKernel = symmetric(INPUTS * OUTPUTS)
export const startBias = new Float32Array(OUTPUTS)

/** Few, so that training has not arrived: where it ends up still depends on every step. */
export const STEPS = 20
/** The paper's thresholds. */
export const SETTINGS = { learningRate: 0.3, variableRelativeThreshold: 0.5, absoluteThreshold: 0.01 }

/** What a recipe says at its end, with digits enough to compare recipes by. */
export function print(loss: number, kernel: FloatArray, bias: FloatArray): void {
  console.log(`After ${STEPS} steps the loss is ${loss.toFixed(8)}. The kernel, and in the last row the bias:`)
  const weights = [...kernel, ...bias].map((weight) => weight.toFixed(8).padStart(13))
  for (let i = 0; i < weights.length; i += OUTPUTS) console.log(weights.slice(i, i + OUTPUTS).join(''))
}
