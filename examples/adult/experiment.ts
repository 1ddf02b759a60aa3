import { ClippyAdagrad } from 'clippy-adagrad'
import { type Dataset, NUMERIC_COLUMNS } from './data.ts'
import { areaUnderCurve, meanLogLoss } from './metrics.ts'
import { Model } from './model.ts'
import { seededRandom } from './random.ts'
import { predict, type TrainingRun, train } from './train.ts'

export type Method = 'Adagrad' | 'ClippyAdagrad'
export const METHODS: readonly Method[] = ['Adagrad', 'ClippyAdagrad']
export const BATCH_SIZE = 256

const SEED = 1

/** An infinite absolute threshold allows any step: that is plain Adagrad, by the same code. */
const ABSOLUTE_THRESHOLDS: Record<Method, number> = { Adagrad: Number.POSITIVE_INFINITY, ClippyAdagrad: 0.01 }

export interface ExperimentOptions {
  method: Method
  learningRate: number
  training: Dataset
  test: Dataset
  categoryCounts: readonly number[]
  epochs: number
  onBatch?: (loss: number) => void
}

export interface Experiment extends TrainingRun {
  method: Method
  learningRate: number
  /** Of the test rows, with the weights that training ended with. */
  areaUnderCurve: number
  logLoss: number
  /** Of training alone. */
  seconds: number
}

/** Trains one model and tests it. Every call begins with the same weights and takes the rows in the same order. */
export function runExperiment(options: ExperimentOptions): Experiment {
  const { method, learningRate, training, test, categoryCounts, epochs, onBatch } = options
  const random = seededRandom(SEED)
  const model = new Model({
    categoryCounts,
    numericCount: NUMERIC_COLUMNS.length,
    embeddingWidth: 8,
    hidden: [64, 32],
    batchSize: BATCH_SIZE,
    random,
  })
  const optimizer = new ClippyAdagrad({
    learningRate,
    variableRelativeThreshold: 0.1,
    absoluteThreshold: ABSOLUTE_THRESHOLDS[method],
    exportClippingFactors: true,
  })

  const started = performance.now()
  const run = train({
    model,
    data: training,
    optimizer,
    epochs,
    batchSize: BATCH_SIZE,
    random,
    ...(onBatch && { onBatch }),
  })
  const seconds = (performance.now() - started) / 1000

  const logits = predict(model, test, BATCH_SIZE)
  return {
    ...run,
    method,
    learningRate,
    areaUnderCurve: areaUnderCurve(logits, test.labels),
    logLoss: meanLogLoss(logits, test.labels),
    seconds,
  }
}

/** 0.3 or 3 as they are, 1e20 not as a one with twenty zeros. */
export function formatRate(learningRate: number): string {
  return learningRate >= 1e5 ? learningRate.toExponential() : String(learningRate)
}
