import type { Columns } from '../../examples/adult/columns.ts'
import { type Dataset, encode, fitEncoder, type Rows, splitRows } from '../../examples/adult/data.ts'
import { loadAdult } from '../../examples/adult/load.ts'
import { areaUnderCurve } from '../../examples/adult/metrics.ts'
import type { Model } from '../../examples/adult/model.ts'
import { BATCH_SIZE } from '../../examples/adult/models/options.ts'
import { seededRandom } from '../../examples/adult/random.ts'
import { predict, train } from '../../examples/adult/train.ts'
import { findMethod } from './methods.ts'
import { columnsOf, createModel, type ModelKind } from './models.ts'

/** All that makes one run differ from another. */
export interface RunSpec {
  readonly model: ModelKind
  /** A name from METHODS or CANDIDATES. */
  readonly method: string
  readonly learningRate: number
  /** Decides the first weights and the order of the rows. */
  readonly seed: number
  readonly epochs: number
  /** How many training and test rows are used, from the start of either file; Infinity is not JSON, so 'all'. */
  readonly rows: number | 'all'
  /** The rows that the area is of: the test rows, or a third of the training rows, which are then not trained on. */
  readonly split: 'test' | 'validation'
}

export interface RunResult {
  /** The area under the curve of each task, with the weights that training ended with; GUESSING if it broke down. */
  readonly areas: readonly number[]
  /** For each ReLU layer of a model of several tasks, the share of its units that are 0 for every row of the test. */
  readonly dead: Readonly<Record<string, number>>
  /** Why training ended early; absent when it did not. */
  readonly breakdown?: string
  /** Of computing, for training and testing: waiting for a busy processor does not count. */
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
const parsed = new Map<Columns, Rows>()

export type DataSpec = Pick<RunSpec, 'model' | 'rows' | 'split'>

/** The demo's rows in the demo's split, or its training rows alone in a split of their own. */
export function loadData({ model, rows: count, split }: DataSpec): Data {
  const columns = columnsOf(model)
  const adult = parsed.get(columns) ?? loadAdult(columns)
  parsed.set(columns, adult)
  const limit = count === 'all' ? Number.POSITIVE_INFINITY : count
  const all = { training: adult.training.slice(0, limit), test: adult.test.slice(0, limit) }
  const { training, test } = split === 'test' ? all : splitRows(all.training, seededRandom(1))
  const encoder = fitEncoder(training)
  return { training: encode(training, encoder), test: encode(test, encoder), categoryCounts: encoder.categoryCounts }
}

/** Trains one model and tests it. The same spec gives the same result, but for the seconds. */
export function runOnce(spec: RunSpec, data: Data): RunResult {
  const started = process.cpuUsage()
  const { model, breakdown } = trainOnce(spec, data)
  const { labels } = data.test
  const areas =
    breakdown === undefined
      ? predict(model, data.test, BATCH_SIZE).map((logits, task) => areaUnderCurve(logits, labels[model.labels[task]]))
      : model.labels.map(() => GUESSING)
  const dead = columnsOf(spec.model).tasks.length > 1 ? deadUnits(model, data.test) : {}
  const { user, system } = process.cpuUsage(started)
  const seconds = (user + system) / 1e6
  return { areas, dead, ...(breakdown !== undefined && { breakdown }), seconds }
}

export function trainOnce({ model: kind, method, learningRate, seed, epochs }: RunSpec, data: Data) {
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
  return { model, breakdown }
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

/** The share of the units of each ReLU layer that are 0 for every row of `data`: they never learn again. */
export function deadUnits(model: Model, data: Dataset): Record<string, number> {
  const alive = model.activations.map(({ units }) => new Uint8Array(units))
  const order = Int32Array.from({ length: data.length }, (_, row) => row)
  for (let start = 0; start < data.length; start += BATCH_SIZE) {
    const rows = order.subarray(start, start + BATCH_SIZE)
    model.logits(data, rows)
    model.activations.forEach(({ units, values }, layer) => {
      for (let i = 0; i < rows.length * units; i++) if (values[i] !== 0) alive[layer][i % units] = 1
    })
  }
  return Object.fromEntries(
    model.activations.map(({ name, units }, layer) => [name, alive[layer].filter((is) => is === 0).length / units]),
  )
}
