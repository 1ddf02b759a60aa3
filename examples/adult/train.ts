import type { ClippyAdagrad } from 'clippy-adagrad'
import type { Dataset } from './data.ts'
import type { EmbeddingGradient } from './layers/embeddings.ts'
import type { FloatArray } from './layers/layer.ts'
import type { Model } from './model.ts'
import { type Random, shuffledIndices } from './random.ts'

export interface TrainOptions {
  model: Pick<Model, 'variables' | 'loss' | 'backward' | 'sparseGradients'>
  data: Dataset
  optimizer: Pick<ClippyAdagrad, 'applyGradients' | 'clippingFactors'>
  epochs: number
  batchSize: number
  /** Decides the order of the rows, anew for each epoch. */
  random: Random
  /** Called after each batch with its loss. */
  onBatch?: (loss: number) => void
}

export interface TrainingRun {
  /** The loss of each batch before its step; where training broke down, the last one is not finite. */
  losses: number[]
  /** The smallest clipping factor of any variable in any step: 1 means that nothing was ever clipped. */
  smallestFactor: number
  /** Why training ended early; absent when it did not. */
  breakdown?: string
}

export function batchCount(rows: number, batchSize: number, epochs: number): number {
  return Math.ceil(rows / batchSize) * epochs
}

export function train(options: TrainOptions): TrainingRun {
  const { model, data, optimizer, epochs, batchSize, random, onBatch } = options
  const run: TrainingRun = { losses: [], smallestFactor: 1 }
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = shuffledIndices(data.length, random)
    for (let start = 0; start < order.length; start += batchSize) {
      const rows = order.subarray(start, start + batchSize)
      const loss = model.loss(data, rows)
      run.losses.push(loss)
      onBatch?.(loss)

      model.backward(rows)
      const gradients = model.sparseGradients(data, rows)

      // The optimizer refuses a gradient that is not finite, so a model that diverged stops here and is reported.
      const broken = !Number.isFinite(loss) ? 'loss' : gradients.every(isAllFinite) ? undefined : 'gradient'
      if (broken !== undefined) {
        run.breakdown = `${broken} not finite in batch ${run.losses.length}`
        return run
      }
      optimizer.applyGradients(model.variables.map((variable, index) => [gradients[index], variable]))
      run.smallestFactor = Math.min(run.smallestFactor, ...optimizer.clippingFactors)
    }
  }
  return run
}

function isAllFinite(gradient: FloatArray | EmbeddingGradient): boolean {
  const values = 'indices' in gradient ? gradient.values : gradient
  for (let index = 0; index < values.length; index++) {
    if (!Number.isFinite(values[index])) return false
  }
  return true
}

/** The logits of every row of `data`, an array for each task. */
export function predict(model: Pick<Model, 'logits' | 'tasks'>, data: Dataset, batchSize: number): Float32Array[] {
  const predicted = Array.from({ length: model.tasks }, () => new Float32Array(data.length))
  const order = Int32Array.from({ length: data.length }, (_, row) => row)
  for (let start = 0; start < data.length; start += batchSize) {
    const logits = model.logits(data, order.subarray(start, start + batchSize))
    for (let at = 0; at < logits.length; at++) {
      predicted[at % model.tasks][start + Math.floor(at / model.tasks)] = logits[at]
    }
  }
  return predicted
}
