import { type GradientAndVariable, Variable } from 'clippy-adagrad'
import { ONE_TASK } from '../adult/columns.ts'
import { type Dataset, encode, fitEncoder, type Row } from '../adult/data.ts'
import { loadAdult } from '../adult/load.ts'
import { areaUnderCurve, sigmoid } from '../adult/metrics.ts'
import type { Model } from '../adult/model.ts'
import { plainModel } from '../adult/models/plain.ts'
import { seededRandom, shuffledIndices } from '../adult/random.ts'
import type { Ranks } from './agreement.ts'
import { CROSS_ROWS, CROSSES, crossOf } from './crosses.ts'
import { type ExchangingRanks, type FetchedRows, ShardedTable } from './sharded-table.ts'
import { shareOf } from './share.ts'

export const BATCH_SIZE = 1024
/** Of every table's rows. */
export const WIDTH = 8
/** As in the demo. */
export const OPTIONS = { learningRate: 0.3, variableRelativeThreshold: 0.1, absoluteThreshold: 0.01 }

/** Rows as the model reads them, and the row of each cross's table for each of them. */
interface Examples {
  readonly data: Dataset
  readonly crosses: Int32Array
}

/**
 * The demo's model with a large table for each cross, which is sharded by rows. Its small tables and its layers are whole
 * on every rank.
 *
 * The model itself is the demo's: in the place of each large table it has a small one, with the rows that a batch names.
 */
export class Demo {
  readonly tables: readonly ShardedTable[]
  readonly model: Model
  /** What an optimizer trains: the whole variables, then this rank's parts of the large tables. */
  readonly variables: readonly Variable[]
  readonly training: Examples
  readonly #test: Examples
  readonly #ranks: ExchangingRanks & Ranks
  readonly #smallTables: number
  #epoch = -1
  #order: Int32Array = new Int32Array(0)

  constructor(ranks: ExchangingRanks & Ranks) {
    const { training, test } = loadAdult()
    const encoder = fitEncoder(training)
    const examples = (rows: readonly Row[]): Examples => ({
      data: encode(rows, encoder),
      crosses: Int32Array.from(rows.flatMap((row) => CROSSES.map((columns) => crossOf(row, columns)))),
    })
    this.training = examples(training)
    this.#test = examples(test)
    this.#ranks = ranks
    this.#smallTables = encoder.categoryCounts.length
    this.model = plainModel({
      categoryCounts: [...encoder.categoryCounts, ...CROSSES.map(() => BATCH_SIZE)],
      numericCount: ONE_TASK.numeric.length,
      embeddingWidth: WIDTH,
      batchSize: BATCH_SIZE,
      random: seededRandom(1),
    })
    this.tables = CROSSES.map((columns, k) => {
      const initialRow = (row: number) => {
        const random = seededRandom(k * CROSS_ROWS + row)
        return Array.from({ length: WIDTH }, () => 0.1 * random() - 0.05)
      }
      return new ShardedTable(ranks, columns.join(' × '), CROSS_ROWS, WIDTH, initialRow)
    })
    const whole = this.#wholeOf(this.model.variables)
    this.variables = [
      ...whole.map(
        (value, k) => new Variable(value, { name: ONE_TASK.categorical[k] ?? `layers/${k - this.#smallTables}` }),
      ),
      ...this.tables.map(({ part }) => part),
    ]
  }

  /** The batch of a step, by the step's number alone: a run that is resumed, on any number of ranks, takes the same ones. */
  batch(step: number): Int32Array {
    const { length } = this.training.data
    const perEpoch = Math.floor(length / BATCH_SIZE)
    const epoch = Math.floor(step / perEpoch)
    if (epoch !== this.#epoch) {
      this.#epoch = epoch
      this.#order = shuffledIndices(length, seededRandom(epoch))
    }
    const start = (step % perEpoch) * BATCH_SIZE
    return this.#order.subarray(start, start + BATCH_SIZE)
  }

  /** This rank's share of a step's batch: the mean loss of its rows, which are `weight` of the batch's, and gradients. */
  lossAndGradients(step: number): { loss: number; weight: number; pairs: GradientAndVariable[] } {
    const batch = this.batch(step)
    const rows = batch.subarray(...shareOf(batch.length, this.#ranks.rank, this.#ranks.size))
    const weight = rows.length / batch.length
    const { data, order, fetched } = this.#fetch(this.training, rows)
    const loss = this.model.loss(data, order)
    this.model.backward(order)
    const gradients = this.model.sparseGradients(data, order)
    const ofTables = fetched.map((table, k) => {
      const gradient = gradients[this.#smallTables + k]
      if (!('indices' in gradient)) throw new Error('the gradient of a table is not sparse')
      const { indices, values } = gradient
      const inOrder = new Float32Array(table.values.length)
      indices.forEach((place, entry) => {
        inOrder.set(values.subarray(entry * WIDTH, (entry + 1) * WIDTH), place * WIDTH)
      })
      return table.gradient(inOrder, weight)
    })
    const all = [...this.#wholeOf(gradients), ...ofTables]
    return { loss, weight, pairs: this.variables.map((variable, k) => [all[k], variable]) }
  }

  /** The area under the ROC curve for the test rows, on every rank. Collective. */
  testAreaUnderCurve(): number {
    const { data } = this.#test
    const scores = new Float64Array(data.length)
    for (let start = 0; start < data.length; start += BATCH_SIZE) {
      const length = Math.min(BATCH_SIZE, data.length - start)
      const [from, to] = shareOf(length, this.#ranks.rank, this.#ranks.size)
      const rows = Int32Array.from({ length: to - from }, (_, k) => start + from + k)
      const batch = this.#fetch(this.#test, rows)
      scores.set(this.model.logits(batch.data, batch.order).map(sigmoid), start + from)
    }
    this.#ranks.allreduce(scores, 'sum')
    return areaUnderCurve(scores, data.labels[0])
  }

  /** All but the places of the large tables. */
  #wholeOf<Item>(ofModel: readonly Item[]): Item[] {
    return ofModel.filter((_, k) => k < this.#smallTables || k >= this.#smallTables + CROSSES.length)
  }

  /** Gets the large tables' rows into the model; the data of these rows then name them by their places there. */
  #fetch({ data, crosses }: Examples, rows: Int32Array): { data: Dataset; order: Int32Array; fetched: FetchedRows[] } {
    const [small, large, numeric] = [this.#smallTables, CROSSES.length, ONE_TASK.numeric.length]
    const categories = new Int32Array(rows.length * (small + large))
    const numbers = new Float32Array(rows.length * numeric)
    const fetched = this.tables.map((table, k) => table.fetch(rows.map((row) => crosses[row * large + k])))
    fetched.forEach(({ values }, k) => {
      this.model.variables[small + k].set(values)
    })
    rows.forEach((row, k) => {
      categories.set(data.categories.subarray(row * small, (row + 1) * small), k * (small + large))
      fetched.forEach(({ places }, table) => {
        categories[k * (small + large) + small + table] = places[k]
      })
      numbers.set(data.numbers.subarray(row * numeric, (row + 1) * numeric), k * numeric)
    })
    const labels = [Uint8Array.from(rows, (row) => data.labels[0][row])]
    return { data: { length: rows.length, numbers, categories, labels }, order: Int32Array.from(rows.keys()), fetched }
  }
}
