import { type GradientAndVariable, Variable } from 'clippy-adagrad'
import { seededRandom } from '../adult/random.ts'

const ITEMS = 12
const EMBEDDING = 4
const FEATURES = 3
const INPUTS = EMBEDDING + FEATURES
const UNITS = 6

/** `features` row-major, FEATURES to a row; `labels` 0 or 1. */
export interface Batch {
  readonly items: readonly number[]
  readonly features: readonly number[]
  readonly labels: readonly number[]
}

/** An item's embedding beside features, a hidden layer with relu, the logit of a click: Python's make_model. */
export class ClickModel {
  readonly table: Variable
  readonly kernel: Variable
  readonly bias: Variable
  readonly logitKernel: Variable
  readonly logitBias: Variable
  /** Keras names a layer in a file after its class, and numbers those of one class. */
  readonly weights: ReadonlyMap<string, Variable>

  constructor(seed: number) {
    const random = seededRandom(seed)
    const draw = (name: string, ...shape: number[]) => {
      const length = shape.reduce((product, extent) => product * extent)
      return new Variable(
        Float32Array.from({ length }, () => random() - 0.5),
        { name, shape },
      )
    }
    this.table = draw('table/embeddings', ITEMS, EMBEDDING)
    this.kernel = draw('hidden/kernel', INPUTS, UNITS)
    this.bias = draw('hidden/bias', UNITS)
    this.logitKernel = draw('logit/kernel', UNITS, 1)
    this.logitBias = draw('logit/bias', 1)
    this.weights = new Map([
      ['layers/embedding/vars/0', this.table],
      ['layers/dense/vars/0', this.kernel],
      ['layers/dense/vars/1', this.bias],
      ['layers/dense_1/vars/0', this.logitKernel],
      ['layers/dense_1/vars/1', this.logitBias],
    ])
  }

  /** The mean cross-entropy of a batch, and its gradients; the table's has a row for each row of the batch. */
  lossAndGradients({ items, features, labels }: Batch): { loss: number; gradients: GradientAndVariable[] } {
    const [table, kernel, bias] = [this.table.value, this.kernel.value, this.bias.value]
    const [logitKernel, logitBias] = [this.logitKernel.value, this.logitBias.value]
    const tableGradient = new Float32Array(items.length * EMBEDDING)
    const [kernelGradient, biasGradient] = [new Float64Array(kernel.length), new Float64Array(bias.length)]
    const [logitKernelGradient, logitBiasGradient] = [new Float64Array(logitKernel.length), new Float64Array(1)]
    let loss = 0
    items.forEach((item, row) => {
      const inputs = [
        ...table.subarray(item * EMBEDDING, (item + 1) * EMBEDDING),
        ...features.slice(row * FEATURES, (row + 1) * FEATURES),
      ]
      const hidden = Array.from(bias, (start, j) =>
        Math.max(
          0,
          inputs.reduce((sum, input, i) => sum + input * kernel[i * UNITS + j], start),
        ),
      )
      const logit = hidden.reduce((sum, unit, j) => sum + unit * logitKernel[j], logitBias[0])
      loss += (Math.max(logit, 0) - logit * labels[row] + Math.log1p(Math.exp(-Math.abs(logit)))) / items.length

      const slope = (1 / (1 + Math.exp(-logit)) - labels[row]) / items.length
      logitBiasGradient[0] += slope
      hidden.forEach((unit, j) => {
        logitKernelGradient[j] += slope * unit
        if (unit === 0) return
        const unitSlope = slope * logitKernel[j]
        biasGradient[j] += unitSlope
        inputs.forEach((input, i) => {
          kernelGradient[i * UNITS + j] += unitSlope * input
          if (i < EMBEDDING) tableGradient[row * EMBEDDING + i] += unitSlope * kernel[i * UNITS + j]
        })
      })
    })
    const gradients: GradientAndVariable[] = [
      [{ indices: items, values: tableGradient }, this.table],
      [Float32Array.from(kernelGradient), this.kernel],
      [Float32Array.from(biasGradient), this.bias],
      [Float32Array.from(logitKernelGradient), this.logitKernel],
      [Float32Array.from(logitBiasGradient), this.logitBias],
    ]
    return { loss, gradients }
  }
}
