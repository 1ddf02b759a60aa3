import type { FloatArray } from 'clippy-adagrad'
import { seededRandom, shuffledIndices } from '../adult/random.ts'

const FEATURES = 8
const ROWS = 4096

/** A straight line through noisy points in eight dimensions: y ≈ kernel · x + bias. */
export class LinearModel {
  readonly kernel = new Float32Array(FEATURES)
  readonly bias = new Float32Array(1)
  /** What the optimizer trains; `gradients` has the same order. */
  readonly weights: readonly FloatArray[] = [this.kernel, this.bias]
  readonly gradients = [new Float32Array(FEATURES), new Float32Array(1)] as const

  /** The mean squared error over some rows of the data; fills `gradients` with its derivatives. */
  lossAndGradients({ inputs, targets }: Data, rows: Int32Array): number {
    const [kernelGradient, biasGradient] = this.gradients
    kernelGradient.fill(0)
    biasGradient.fill(0)
    let loss = 0
    for (const row of rows) {
      const x = inputs.subarray(row * FEATURES, (row + 1) * FEATURES)
      const error = x.reduce((sum, value, i) => sum + this.kernel[i] * value, this.bias[0]) - targets[row]
      loss += error ** 2 / rows.length
      const slope = (2 * error) / rows.length
      for (let i = 0; i < FEATURES; i++) kernelGradient[i] += slope * x[i]
      biasGradient[0] += slope
    }
    return loss
  }
}

export interface Data {
  readonly inputs: Float32Array
  readonly targets: Float32Array
}

/** The same data at every start. */
export function makeData(): Data {
  const random = seededRandom(1)
  const inputs = Float32Array.from({ length: ROWS * FEATURES }, () => 2 * random() - 1)
  const targets = Float32Array.from({ length: ROWS }, (_, row) => {
    let target = 0.5 + 0.1 * random()
    for (let i = 0; i < FEATURES; i++) target += (i - 3.5) * inputs[row * FEATURES + i]
    return target
  })
  return { inputs, targets }
}

/** The rows of each batch of an epoch, in an order that depends on the epoch's number alone. */
export function batches(epoch: number, size: number): Int32Array[] {
  const order = shuffledIndices(ROWS, seededRandom(epoch))
  return Array.from({ length: ROWS / size }, (_, k) => order.subarray(k * size, (k + 1) * size))
}
