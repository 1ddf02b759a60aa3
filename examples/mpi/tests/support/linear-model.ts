import type { FloatArray } from 'clippy-adagrad'
import { seededRandom } from '../../../adult/random.ts'
import { Shard } from '../../distributed.ts'

const FEATURES = 16
const ROWS = 32

/**
 * Straight lines through noisy points, one for each target: kernel and bias of the targets `start` to `end` of `targets`.
 * No target needs another's weights, so nothing but the clipping factor has to go between ranks, and the gradients of a
 * part have the bits that they have in the whole.
 */
export class LinearModel {
  /** What the optimizer trains. */
  readonly variables: readonly [kernel: Shard, bias: Shard]
  readonly #inputs = new Float32Array(ROWS * FEATURES)
  readonly #expected: Float32Array
  readonly #start: number

  constructor(start: number, end: number) {
    const kernel = new Float32Array((end - start) * FEATURES)
    this.variables = [new Shard(kernel, { name: 'kernel' }), new Shard(new Float32Array(end - start), { name: 'bias' })]
    this.#expected = new Float32Array(ROWS * (end - start))
    this.#start = start
  }

  /** The gradients of the mean squared error over the rows of a step, in the order of `variables`. */
  gradients(step: number): readonly FloatArray[] {
    this.#makeRows(step)
    const [lines, offsets] = this.variables.map(({ value }) => Float32Array.from(value))
    const kernel = new Float32Array(lines.length)
    const bias = new Float32Array(offsets.length)
    for (let target = 0; target < bias.length; target++) {
      const line = lines.subarray(target * FEATURES, (target + 1) * FEATURES)
      for (let row = 0; row < ROWS; row++) {
        const x = this.#inputs.subarray(row * FEATURES, (row + 1) * FEATURES)
        const output = line.reduce((sum, weight, i) => sum + weight * x[i], offsets[target])
        const slope = (2 * (output - this.#expected[row * bias.length + target])) / ROWS
        for (let i = 0; i < FEATURES; i++) kernel[target * FEATURES + i] += slope * x[i]
        bias[target] += slope
      }
    }
    return [kernel, bias]
  }

  /** Every rank sees all rows, and what is expected of its own targets. */
  #makeRows(step: number): void {
    const random = seededRandom(step)
    for (let i = 0; i < this.#inputs.length; i++) this.#inputs[i] = 2 * random() - 1
    const targets = this.variables[1].size
    for (let row = 0; row < ROWS; row++) {
      const x = this.#inputs.subarray(row * FEATURES, (row + 1) * FEATURES)
      for (let k = 0; k < targets; k++) {
        const target = this.#start + k
        this.#expected[row * targets + k] = x.reduce(
          (sum, value, i) => sum + Math.fround((target % 7) - i) * value,
          target,
        )
      }
    }
  }
}
