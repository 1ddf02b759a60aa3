import { Embeddings, type EmbeddingsOptions } from '../layers/embeddings.ts'
import type { Making } from '../layers/layer.ts'

/** What every model needs to know. Only tests give other sizes than the defaults. */
export interface ModelOptions extends Pick<EmbeddingsOptions, 'categoryCounts' | 'numericCount'> {
  readonly random: Making['random']
  /** 8 unless given. */
  readonly embeddingWidth?: number
  /** The most rows of a call; BATCH_SIZE unless given. */
  readonly batchSize?: number
  /** Float32Array unless given. */
  readonly Floats?: Making['Floats']
}

export const BATCH_SIZE = 256

/** Makes the embeddings; their random numbers come before those of the network. */
export function embed(options: ModelOptions): { embeddings: Embeddings; making: Making } {
  const { categoryCounts, numericCount, random } = options
  const { embeddingWidth = 8, batchSize = BATCH_SIZE, Floats = Float32Array } = options
  const making = { batchSize, random, Floats }
  return { embeddings: new Embeddings({ categoryCounts, numericCount, embeddingWidth }, making), making }
}
