import type { FloatArray, Layer, Making } from './layer.ts'

/** Layers side by side, each of which puts one number out: all take the same input, and a row becomes one number of each. */
export class Branches implements Layer {
  readonly outputs: number
  readonly parameters: Layer['parameters']
  readonly activations: Layer['activations']
  readonly #branches: readonly Layer[]
  readonly #output: FloatArray
  readonly #branchGradient: FloatArray
  readonly #inputGradient: FloatArray

  constructor(inputs: number, branches: readonly Layer[], { batchSize, Floats }: Making) {
    this.outputs = branches.length
    this.parameters = branches.flatMap(({ parameters }) => parameters)
    this.activations = branches.flatMap(({ activations }) => activations)
    this.#branches = branches
    this.#output = new Floats(batchSize * branches.length)
    this.#branchGradient = new Floats(batchSize)
    this.#inputGradient = new Floats(batchSize * inputs)
  }

  forward(input: FloatArray, rows: number): FloatArray {
    this.#branches.forEach((branch, place) => {
      putColumn(branch.forward(input, rows), this.#output, place, this.outputs, rows)
    })
    return this.#output
  }

  backward(outputGradient: FloatArray, rows: number): FloatArray {
    const sum = this.#inputGradient.fill(0)
    this.#branches.forEach((branch, place) => {
      takeColumn(outputGradient, this.#branchGradient, place, this.outputs, rows)
      addTo(sum, branch.backward(this.#branchGradient, rows))
    })
    return sum
  }
}

/** Puts a column into an array of `columns` columns. */
export function putColumn(column: FloatArray, target: FloatArray, place: number, columns: number, rows: number): void {
  for (let row = 0; row < rows; row++) target[row * columns + place] = column[row]
}

/** Takes a column out of an array of `columns` columns. */
export function takeColumn(source: FloatArray, column: FloatArray, place: number, columns: number, rows: number): void {
  for (let row = 0; row < rows; row++) column[row] = source[row * columns + place]
}

export function addTo(sum: FloatArray, values: FloatArray): void {
  for (let i = 0; i < sum.length; i++) sum[i] += values[i]
}
