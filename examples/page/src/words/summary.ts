import { SMOOTHING } from '../../../adult/curve.ts'
import { METHODS, type Method } from '../../../adult/experiment.ts'
import type { RunRecord } from '../training/record.ts'
import { areaText, short } from './numbers.ts'

/** Below this, an area is about the half of all pairs that a coin gets right. */
const GUESSING = 0.6
const WEAK = 0.85

/** What an area under the curve means, in words. */
export function verdict(area: number): string {
  return area < GUESSING ? 'no better than guessing' : area < WEAK ? 'has learned a little' : 'has learned'
}

/** Where a run stands. */
export function position({ batches, batchesPerEpoch, batchesDone, areas }: RunRecord): string {
  if (batchesDone === batches) return `Finished: ${batches} batches`
  const epochs = batches / batchesPerEpoch
  return `Batch ${batchesDone} of ${batches}, epoch ${Math.min(areas.length + 1, epochs)} of ${epochs}`
}

/** The whole run so far in a few sentences, for those who do not see the charts. */
export function summary(record: RunRecord): string {
  return [`${position(record)}.`, ...METHODS.map((method) => statusOf(record, method))].join(' ')
}

function statusOf({ areas, losses, breakdowns }: RunRecord, method: Method): string {
  const area = areas.at(-1)?.[method]
  const loss = recentLoss(losses[method])
  const now = breakdowns[method] ?? (loss === undefined ? 'no loss yet' : `loss ${short(loss)}`)
  return `${method}: ${now}${area === undefined ? '' : `, test AUC ${areaText(area)}, ${verdict(area)}`}.`
}

/** The mean of the last batches, as the chart draws it but not cut off. */
export function recentLoss(losses: readonly number[]): number | undefined {
  const recent = losses.slice(-SMOOTHING)
  return recent.length === 0 ? undefined : recent.reduce((sum, loss) => sum + loss, 0) / recent.length
}
