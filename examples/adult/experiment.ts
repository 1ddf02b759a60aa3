import { ClippyAdagrad } from 'clippy-adagrad'
import { type Columns, ONE_TASK } from './columns.ts'
import type { Dataset } from './data.ts'
import { areaUnderCurve, meanLogLoss } from './metrics.ts'
import { BATCH_SIZE } from './models/options.ts'
import { plainModel } from './models/plain.ts'
import { sharedBottom } from './models/two-tasks.ts'
import { seededRandom } from './random.ts'
import { predict, type TrainingRun, train } from './train.ts'

export type Method = 'Adagrad' | 'ClippyAdagrad'
export const METHODS: readonly Method[] = ['Adagrad', 'ClippyAdagrad']

const SEED = 1

/**
 * An infinite absolute threshold allows any step: the same optimizer without clipping. That is Adagrad which adds g² to
 * the accumulator after the step; the textbook's adds it first.
 */
const ABSOLUTE_THRESHOLDS: Record<Method, number> = { Adagrad: Number.POSITIVE_INFINITY, ClippyAdagrad: 0.01 }

export interface ExperimentOptions {
  method: Method
  learningRate: number
  training: Dataset
  test: Dataset
  categoryCounts: readonly number[]
  /** What the data were read by; with two tasks, the model is one that they share. ONE_TASK unless given. */
  columns?: Columns
  epochs: number
  /** Called after each batch with its loss, the mean of the tasks. */
  onBatch?: (loss: number) => void
}

/** How well a task was learned: of the test rows, with the weights that training ended with. */
export interface Score {
  task: string
  areaUnderCurve: number
  logLoss: number
}

/** The losses are means of the tasks. */
export interface Experiment extends TrainingRun {
  method: Method
  learningRate: number
  scores: Score[]
  /** Of training alone. */
  seconds: number
}

/** Trains one model and tests it. Every call begins with the same weights and takes the rows in the same order. */
export function runExperiment(options: ExperimentOptions): Experiment {
  const { method, learningRate, training, test, categoryCounts, columns = ONE_TASK, epochs, onBatch } = options
  const random = seededRandom(SEED)
  const makeModel = columns.tasks.length === 1 ? plainModel : sharedBottom
  const model = makeModel({ categoryCounts, numericCount: columns.numeric.length, random })
  const mean = (loss: number): number => loss / columns.tasks.length
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
    ...(onBatch && { onBatch: (loss: number) => onBatch(mean(loss)) }),
  })
  const seconds = (performance.now() - started) / 1000

  const logits = predict(model, test, BATCH_SIZE)
  return {
    ...run,
    losses: run.losses.map(mean),
    method,
    learningRate,
    scores: columns.tasks.map(({ name }, task) => ({
      task: name,
      areaUnderCurve: areaUnderCurve(logits[task], test.labels[task]),
      logLoss: meanLogLoss(logits[task], test.labels[task]),
    })),
    seconds,
  }
}

/** 0.3 or 3 as they are, 1e20 not as a one with twenty zeros. */
export function formatRate(learningRate: number): string {
  return learningRate >= 1e5 ? learningRate.toExponential() : String(learningRate)
}
