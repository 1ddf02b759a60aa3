import type { Explanation } from 'clippy-adagrad'
import { METHODS } from '../../../adult/experiment.ts'
import type { Settings } from '../settings/settings.ts'
import type { Progress, Started } from './messages.ts'
import { type PerMethod, perMethod } from './race.ts'

/** All numbers of one run so far. */
export class RunRecord {
  readonly settings: Settings
  readonly batches: number
  readonly batchesPerEpoch: number
  readonly losses: PerMethod<number[]> = perMethod(() => [])
  /** For each batch, the factors of Clippy's variables. */
  readonly factors: (readonly number[])[] = []
  /** After each epoch. */
  readonly areas: PerMethod<number>[] = []
  /** Of the last batch that was explained. */
  explanations: readonly Explanation[] = []
  breakdowns: PerMethod<string | undefined> = perMethod(() => undefined)
  /** The smallest factor that each variable ever had. */
  readonly lowest: number[] = []

  constructor(settings: Settings, { batches, batchesPerEpoch }: Pick<Started, 'batches' | 'batchesPerEpoch'>) {
    this.settings = settings
    this.batches = batches
    this.batchesPerEpoch = batchesPerEpoch
  }

  get batchesDone(): number {
    return this.factors.length
  }

  add({ losses, factors, explanations, breakdowns, areas }: Omit<Progress, 'type' | 'run'>): void {
    for (const method of METHODS) this.losses[method].push(...losses[method])
    this.factors.push(...factors)
    this.areas.push(...areas)
    if (explanations.length > 0) this.explanations = explanations
    this.breakdowns = breakdowns
    for (const batch of factors) {
      batch.forEach((factor, index) => {
        this.lowest[index] = Math.min(this.lowest[index] ?? 1, factor)
      })
    }
  }
}
