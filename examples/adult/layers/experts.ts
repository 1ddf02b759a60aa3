import { addTo, putColumn, takeColumn } from './branches.ts'
import { GatedMixture } from './gated-mixture.ts'
import type { FloatArray, Layer, Making } from './layer.ts'

/** What one task has of its own: a gate with an output for each expert, and a tower that puts one number out. */
export interface Head {
  readonly gate: Layer
  readonly tower: Layer
}

/** Experts that all tasks share; each task's gate mixes their outputs for its tower. A row becomes a number of each tower. */
export class Experts implements Layer {
  readonly outputs: number
  readonly parameters: Layer['parameters']
  readonly activations: Layer['activations']
  readonly #experts: readonly Layer[]
  readonly #heads: readonly { readonly mixture: GatedMixture; readonly tower: Layer }[]
  readonly #expertGradients: readonly FloatArray[]
  readonly #output: FloatArray
  readonly #towerGradient: FloatArray
  readonly #inputGradient: FloatArray
  #expertOutputs: readonly FloatArray[] = []

  constructor(inputs: number, experts: readonly Layer[], heads: readonly Head[], making: Making) {
    const { batchSize, Floats } = making
    const [{ outputs: units }] = experts
    this.outputs = heads.length
    const layers = [...experts, ...heads.flatMap(({ gate, tower }) => [gate, tower])]
    this.parameters = layers.flatMap(({ parameters }) => parameters)
    this.activations = layers.flatMap(({ activations }) => activations)
    this.#experts = experts
    this.#heads = heads.map(({ gate, tower }) => ({ mixture: new GatedMixture(gate, units, making), tower }))
    this.#expertGradients = experts.map(() => new Floats(batchSize * units))
    this.#output = new Floats(batchSize * heads.length)
    this.#towerGradient = new Floats(batchSize)
    this.#inputGradient = new Floats(batchSize * inputs)
  }

  forward(input: FloatArray, rows: number): FloatArray {
    this.#expertOutputs = this.#experts.map((expert) => expert.forward(input, rows))
    this.#heads.forEach(({ mixture, tower }, place) => {
      const mixed = mixture.forward(input, this.#expertOutputs, rows)
      putColumn(tower.forward(mixed, rows), this.#output, place, this.outputs, rows)
    })
    return this.#output
  }

  backward(outputGradient: FloatArray, rows: number): FloatArray {
    const sum = this.#inputGradient.fill(0)
    for (const gradient of this.#expertGradients) gradient.fill(0)
    this.#heads.forEach(({ mixture, tower }, place) => {
      takeColumn(outputGradient, this.#towerGradient, place, this.outputs, rows)
      const mixtureGradient = tower.backward(this.#towerGradient, rows)
      addTo(sum, mixture.backward(mixtureGradient, this.#expertOutputs, this.#expertGradients, rows))
    })
    this.#experts.forEach((expert, k) => {
      addTo(sum, expert.backward(this.#expertGradients[k], rows))
    })
    return sum
  }
}
