import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { ONE_TASK } from '../adult/columns.ts'
import { type Dataset, encode, fitEncoder, parseRows } from '../adult/data.ts'
import type { Model } from '../adult/model.ts'
import { BATCH_SIZE } from '../adult/models/options.ts'
import { plainModel } from '../adult/models/plain.ts'
import { seededRandom, shuffledIndices } from '../adult/random.ts'
import { shareOf } from './share.ts'

const TRAINING_ROWS = new URL('../adult/data/adult.data.gz', import.meta.url)

/** As in the demo. */
export const OPTIONS = { learningRate: 0.3, variableRelativeThreshold: 0.1, absoluteThreshold: 0.01 }

/** The demo's model and training rows, the same on every rank. */
export class Demo {
  readonly model: Model
  readonly #data: Dataset
  #epoch = -1
  #order: Int32Array = new Int32Array(0)

  constructor() {
    const training = parseRows(gunzipSync(readFileSync(TRAINING_ROWS)).toString('utf8'), 'adult.data.gz')
    const encoder = fitEncoder(training)
    this.#data = encode(training, encoder)
    const { categoryCounts } = encoder
    this.model = plainModel({ categoryCounts, numericCount: ONE_TASK.numeric.length, random: seededRandom(1) })
  }

  /** The batch of a step, by the step's number alone: a run that is resumed takes the same ones. */
  batch(step: number): Int32Array {
    const perEpoch = Math.floor(this.#data.length / BATCH_SIZE)
    const epoch = Math.floor(step / perEpoch)
    if (epoch !== this.#epoch) {
      this.#epoch = epoch
      this.#order = shuffledIndices(this.#data.length, seededRandom(epoch))
    }
    const start = (step % perEpoch) * BATCH_SIZE
    return this.#order.subarray(start, start + BATCH_SIZE)
  }

  /** Loss and gradients of this rank's share of a batch: means over its rows, which are `weight` of the batch's. */
  lossAndGradients(step: number, rank: number, size: number) {
    const batch = this.batch(step)
    const rows = batch.subarray(...shareOf(batch.length, rank, size))
    const loss = this.model.loss(this.#data, rows)
    this.model.backward(rows)
    return { loss, gradients: this.model.sparseGradients(this.#data, rows), weight: rows.length / batch.length }
  }
}
