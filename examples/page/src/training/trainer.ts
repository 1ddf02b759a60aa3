import { ClippyAdagrad, type Explanation } from 'clippy-adagrad'
import { ONE_TASK } from '../../../adult/columns.ts'
import type { Dataset } from '../../../adult/data.ts'
import type { Method } from '../../../adult/experiment.ts'
import { areaUnderCurve } from '../../../adult/metrics.ts'
import type { Model } from '../../../adult/model.ts'
import { BATCH_SIZE } from '../../../adult/models/options.ts'
import { plainModel } from '../../../adult/models/plain.ts'
import { type Random, seededRandom, shuffledIndices } from '../../../adult/random.ts'
import { predict } from '../../../adult/train.ts'
import type { Settings } from '../settings/settings.ts'
import { THRESHOLDS } from '../settings/thresholds.ts'

export interface TrainerOptions {
  method: Method
  settings: Settings
  training: Dataset
  test: Dataset
  categoryCounts: readonly number[]
}

/** What one batch showed. */
export interface BatchReport {
  /** Before the step; not finite where training broke down. */
  loss: number
  /** Of each variable in this step. */
  factors: readonly number[]
  /** When asked for: what the step did to each variable, and which coordinate held it back. */
  explanations: readonly Explanation[]
}

/**
 * The demo's `runExperiment`, one batch at a time, so that a page can show each and stop between any two. Takes the
 * random numbers in the demo's order, so the losses are the demo's to the bit.
 */
export class Trainer {
  /** Why training ended early; undefined while it did not. */
  breakdown: string | undefined

  readonly #options: TrainerOptions
  readonly #random: Random
  readonly #model: Model
  readonly #optimizer: ClippyAdagrad
  #order: Int32Array = new Int32Array()
  #position = 0
  #batches = 0

  constructor(options: TrainerOptions) {
    const { method, settings, categoryCounts } = options
    this.#options = options
    this.#random = seededRandom(settings.seed)
    this.#model = plainModel({ categoryCounts, numericCount: ONE_TASK.numeric.length, random: this.#random })
    this.#optimizer = new ClippyAdagrad({
      learningRate: settings.learningRate,
      ...THRESHOLDS[settings.thresholds],
      // An infinite absolute threshold allows any step: that is plain Adagrad, by the same code.
      ...(method === 'Adagrad' && { absoluteThreshold: Number.POSITIVE_INFINITY }),
      exportClippingFactors: true,
      nonFiniteGradients: 'skip',
    })
  }

  /** Whether the next batch begins an epoch. */
  get atEpochStart(): boolean {
    return this.#position === this.#order.length
  }

  /** Trains on the next batch; `explain` costs as much as a step. */
  step(explain: boolean): BatchReport {
    const { training } = this.#options
    if (this.atEpochStart) {
      this.#order = shuffledIndices(training.length, this.#random)
      this.#position = 0
    }
    const rows = this.#order.subarray(this.#position, this.#position + BATCH_SIZE)
    this.#position += rows.length
    this.#batches++

    const model = this.#model
    const loss = model.loss(training, rows)
    if (!Number.isFinite(loss)) return this.#brokenDown(loss, 'loss')
    model.backward(rows)
    const gradients = model.sparseGradients(training, rows)
    const pairs = model.variables.map((variable, index) => [gradients[index], variable] as const)
    const explanations = explain ? this.#optimizer.explain(pairs) : []
    this.#optimizer.applyGradients(pairs)
    // A gradient that is not finite: the optimizer has left the step out.
    if (this.#optimizer.skippedSteps > 0) return this.#brokenDown(loss, 'gradient')
    return { loss, factors: this.#optimizer.clippingFactors, explanations }
  }

  /** The area under the ROC curve for the test rows, with the weights as they are now. */
  areaUnderCurve(): number {
    const { test } = this.#options
    return areaUnderCurve(predict(this.#model, test, BATCH_SIZE)[0], test.labels[0])
  }

  #brokenDown(loss: number, what: 'loss' | 'gradient'): BatchReport {
    this.breakdown = `the ${what} of batch ${this.#batches} is not finite`
    return { loss, factors: [], explanations: [] }
  }
}
