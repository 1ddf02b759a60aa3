import { type Dataset, encode, fitEncoder, type Rows } from '../../../examples/adult/data.ts'
import { BATCH_SIZE } from '../../../examples/adult/experiment.ts'
import { loadAdult } from '../../../examples/adult/load.ts'
import { areaUnderCurve } from '../../../examples/adult/metrics.ts'
import { seededRandom } from '../../../examples/adult/random.ts'
import { predict, train } from '../../../examples/adult/train.ts'
import { findMethod } from './methods.ts'
import { createModel, type ModelKind } from './models.ts'

/** All that makes one run differ from another. */
export interface RunSpec {
  readonly model: ModelKind
  /** A name from METHODS. */
  readonly method: string
  readonly learningRate: number
  /** Decides the first weights and the order of the rows. */
  readonly seed: number
  readonly epochs: number
  /** How many training and test rows are used, from the start of either file; Infinity is not JSON, so 'all'. */
  readonly rows: number | 'all'
}

export interface RunResult {
  /** Of the test rows, with the weights that training ended with; of a run that broke down, GUESSING. */
  readonly areaUnderCurve: number
  /** Why training ended early; absent when it did not. */
  readonly breakdown?: string
  /** Of training and testing. */
  readonly seconds: number
}

/** The area under the curve of a model that knows nothing. */
export const GUESSING = 0.5

export interface Data {
  readonly training: Dataset
  readonly test: Dataset
  readonly categoryCounts: readonly number[]
}

/** Parsed once: that takes longer than a quick run. */
let adult: Rows | undefined

/** The demo's rows in the demo's split. */
export function loadData(count: RunSpec['rows']): Data {
  adult ??= loadAdult()
  const limit = count === 'all' ? Number.POSITIVE_INFINITY : count
  const [training, test] = [adult.training.slice(0, limit), adult.test.slice(0, limit)]
  const encoder = fitEncoder(training)
  return { training: encode(training, encoder), test: encode(test, encoder), categoryCounts: encoder.categoryCounts }
}

/** Trains one model and tests it. The same spec gives the same result, but for the seconds. */
export function runOnce({ model: kind, method, learningRate, seed, epochs }: RunSpec, data: Data): RunResult {
  const started = performance.now()
  const random = seededRandom(seed)
  const { model, variables, finalLayer } = createModel(kind, data.categoryCounts, random)
  const optimizer = findMethod(method).create(learningRate, finalLayer)
  optimizer.build(variables)
  const breakdown = breakdownOf(() =>
    train({
      model,
      data: data.training,
      optimizer: { applyGradients: (pairs) => optimizer.applyGradients(pairs), clippingFactors: [] },
      epochs,
      batchSize: BATCH_SIZE,
      random,
    }),
  )
  const area =
    breakdown === undefined ? areaUnderCurve(predict(model, data.test, BATCH_SIZE), data.test.labels) : GUESSING
  const seconds = (performance.now() - started) / 1000
  return { areaUnderCurve: area, ...(breakdown !== undefined && { breakdown }), seconds }
}

/** Why training ended early, if it did. An optimizer may find weights that are no longer finite before the loss shows it. */
export function breakdownOf(training: () => { breakdown?: string }): string | undefined {
  try {
    return training().breakdown
  } catch (error) {
    if (error instanceof RangeError && /finite/.test(error.message)) return error.message
    throw error
  }
}
