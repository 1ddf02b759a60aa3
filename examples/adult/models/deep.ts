import { Cross } from '../layers/cross.ts'
import { Stack } from '../layers/stack.ts'
import { Model } from '../model.ts'
import { embed } from './options.ts'
import { type HiddenOptions, tower } from './plain.ts'

/** Embeddings and numbers side by side → one cross layer → four ReLU layers of 128 → one logit, without any normalisation. */
export function deepModel({ hidden = [128, 128, 128, 128], ...options }: HiddenOptions): Model {
  const { embeddings, making } = embed(options)
  const cross = new Cross({ name: 'cross', inputs: embeddings.outputs }, making)
  return new Model(embeddings, new Stack([cross, tower('', embeddings.outputs, hidden, making)]), making)
}
