import { Dense } from '../layers/dense.ts'
import type { Layer, Making } from '../layers/layer.ts'
import { Stack } from '../layers/stack.ts'
import { Model } from '../model.ts'
import { embed, type ModelOptions } from './options.ts'

export interface HiddenOptions extends ModelOptions {
  /** Units of each ReLU layer. */
  readonly hidden?: readonly number[]
}

/** The demo's model: embeddings and numbers side by side → ReLU layers of 64 and 32 → one logit. */
export function plainModel({ hidden = [64, 32], ...options }: HiddenOptions): Model {
  const { embeddings, making } = embed(options)
  return new Model(embeddings, tower('', embeddings.outputs, hidden, making), making)
}

/** ReLU layers, then one number; the names of the layers begin with `prefix`. */
export function tower(prefix: string, inputs: number, hidden: readonly number[], making: Making): Layer {
  const last = hidden.at(-1) ?? inputs
  return new Stack([
    ...reluLayers(`${prefix}layer`, inputs, hidden, making),
    new Dense({ name: `${prefix}output`, inputs: last, outputs: 1, relu: false }, making),
  ])
}

/** ReLU layers, each of which takes what the one before it puts out; numbered from 1 on. */
export function reluLayers(name: string, inputs: number, hidden: readonly number[], making: Making): Layer[] {
  return hidden.map((outputs, index) => {
    const options = { name: `${name} ${index + 1}`, inputs: hidden[index - 1] ?? inputs, outputs, relu: true }
    return new Dense(options, making)
  })
}
