import type { Explanation } from 'clippy-adagrad'
import type { Dataset } from '../../../adult/data.ts'
import { METHODS, type Method } from '../../../adult/experiment.ts'
import { BATCH_SIZE } from '../../../adult/models/options.ts'
import { batchCount } from '../../../adult/train.ts'
import type { AdultData } from '../data/packed.ts'
import { ROW_COUNTS, type Settings } from '../settings/settings.ts'
import { Trainer } from './trainer.ts'

export type PerMethod<Value> = Record<Method, Value>

/** What one batch of both models showed. */
export interface RaceStep {
  /** A model that broke down has no more losses. */
  losses: PerMethod<number | undefined>
  /** Of Clippy's variables; Adagrad's are always 1. */
  factors: readonly number[]
  explanations: readonly Explanation[]
  breakdowns: PerMethod<string | undefined>
  /** At the end of an epoch. */
  areas: PerMethod<number> | undefined
}

/** Two models with the same first weights and the same order of rows, one trained by each method, batch by batch. */
export class Race {
  readonly batches: number
  readonly batchesPerEpoch: number
  readonly #trainers: PerMethod<Trainer>
  #done = 0

  constructor(settings: Settings, { training, test, vocabularies }: AdultData) {
    const rows = firstRows(training, ROW_COUNTS[settings.rows])
    const categoryCounts = vocabularies.map((names) => names.length + 1)
    this.batchesPerEpoch = batchCount(rows.length, BATCH_SIZE, 1)
    this.batches = this.batchesPerEpoch * settings.epochs
    this.#trainers = perMethod((method) => new Trainer({ method, settings, training: rows, test, categoryCounts }))
  }

  get finished(): boolean {
    return this.#done === this.batches
  }

  /** Trains both on the next batch. The last batch of an epoch is always explained. */
  step(explain: boolean): RaceStep {
    this.#done++
    const endsEpoch = this.#done % this.batchesPerEpoch === 0
    const reports = perMethod((method) => {
      const trainer = this.#trainers[method]
      if (trainer.breakdown !== undefined) return undefined
      return trainer.step(method === 'ClippyAdagrad' && (explain || endsEpoch))
    })
    return {
      losses: perMethod((method) => reports[method]?.loss),
      factors: reports.ClippyAdagrad?.factors ?? [],
      explanations: reports.ClippyAdagrad?.explanations ?? [],
      breakdowns: perMethod((method) => this.#trainers[method].breakdown),
      areas: endsEpoch ? perMethod((method) => this.#trainers[method].areaUnderCurve()) : undefined,
    }
  }
}

export function perMethod<Value>(make: (method: Method) => Value): PerMethod<Value> {
  return Object.fromEntries(METHODS.map((method) => [method, make(method)])) as PerMethod<Value>
}

function firstRows({ length, numbers, categories, labels }: Dataset, count: number): Dataset {
  return { length: Math.min(length, count), numbers, categories, labels }
}
