import type { FloatArray, Layer, Making } from './layer.ts'

/**
 * A mixture of experts as one task sees it (multi-gate mixture-of-experts, Ma et al. 2018): the gate, a layer with an
 * output for each expert, and a softmax give each expert a share, and the experts' outputs are added up by their shares.
 */
export class GatedMixture {
  readonly #gate: Layer
  readonly #units: number
  /** For each row, a share for each expert; they add up to 1. */
  readonly #shares: FloatArray
  readonly #shareGradients: FloatArray
  readonly #mixture: FloatArray

  /** The experts put out `units` numbers each. */
  constructor(gate: Layer, units: number, { batchSize, Floats }: Making) {
    this.#gate = gate
    this.#units = units
    this.#shares = new Floats(batchSize * gate.outputs)
    this.#shareGradients = this.#shares.slice()
    this.#mixture = new Floats(batchSize * units)
  }

  forward(input: FloatArray, expertOutputs: readonly FloatArray[], rows: number): FloatArray {
    softmax(this.#gate.forward(input, rows), this.#shares, this.#gate.outputs, rows)
    const mixture = this.#mixture.fill(0)
    expertOutputs.forEach((output, expert) => {
      for (let row = 0; row < rows; row++) {
        const share = this.#shares[row * expertOutputs.length + expert]
        const end = (row + 1) * this.#units
        for (let at = end - this.#units; at < end; at++) mixture[at] += share * output[at]
      }
    })
    return mixture
  }

  /** Adds the derivatives by the experts' outputs to `expertGradients`; returns those by the gate's input. */
  backward(
    mixtureGradient: FloatArray,
    expertOutputs: readonly FloatArray[],
    expertGradients: readonly FloatArray[],
    rows: number,
  ): FloatArray {
    const experts = expertOutputs.length
    const shareGradients = this.#shareGradients
    expertOutputs.forEach((output, expert) => {
      const expertGradient = expertGradients[expert]
      for (let row = 0; row < rows; row++) {
        const share = this.#shares[row * experts + expert]
        const end = (row + 1) * this.#units
        let sum = 0
        for (let at = end - this.#units; at < end; at++) {
          sum += mixtureGradient[at] * output[at]
          expertGradient[at] += share * mixtureGradient[at]
        }
        shareGradients[row * experts + expert] = sum
      }
    })
    softmaxBackward(this.#shares, shareGradients, experts, rows)
    return this.#gate.backward(shareGradients, rows)
  }
}

/** Fills `shares` with e to the power of each of a row's `columns` values, divided by their sum. */
function softmax(values: FloatArray, shares: FloatArray, columns: number, rows: number): void {
  for (let start = 0; start < rows * columns; start += columns) {
    let largest = values[start]
    for (let k = 1; k < columns; k++) largest = Math.max(largest, values[start + k])
    let sum = 0
    for (let k = 0; k < columns; k++) {
      // The largest becomes 1, so nothing overflows.
      shares[start + k] = Math.exp(values[start + k] - largest)
      sum += shares[start + k]
    }
    for (let k = 0; k < columns; k++) shares[start + k] /= sum
  }
}

/** The chain rule for `softmax`, in place: from the derivatives by the shares to those by the values. */
function softmaxBackward(shares: FloatArray, gradient: FloatArray, columns: number, rows: number): void {
  for (let start = 0; start < rows * columns; start += columns) {
    let mean = 0
    for (let k = 0; k < columns; k++) mean += shares[start + k] * gradient[start + k]
    for (let k = 0; k < columns; k++) gradient[start + k] = shares[start + k] * (gradient[start + k] - mean)
  }
}
