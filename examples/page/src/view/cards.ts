import { METHODS, type Method } from '../../../adult/experiment.ts'
import type { RunRecord } from '../training/record.ts'
import { areaText, factorText, short } from '../words/numbers.ts'
import { recentLoss, verdict } from '../words/summary.ts'
import { byId, setText } from './elements.ts'

const PREFIX: Record<Method, string> = { Adagrad: 'adagrad', ClippyAdagrad: 'clippy' }

/** One card for each method: its area under the curve, and in words what that means. */
export function showCards(record: RunRecord | undefined): void {
  for (const method of METHODS) {
    const part = (name: string): HTMLElement => byId(`${PREFIX[method]}-${name}`, HTMLElement)
    const area = record?.areas.at(-1)?.[method]
    const breakdown = record?.breakdowns[method]
    setText(part('area'), area === undefined ? '–' : areaText(area))
    setText(part('verdict'), judged(record, area))
    part('verdict').dataset.area = area === undefined ? 'none' : area < 0.85 ? 'low' : 'high'
    setText(part('details'), breakdown === undefined ? details(record, method) : `Stopped: ${breakdown}`)
  }
}

function judged(record: RunRecord | undefined, area: number | undefined): string {
  if (record === undefined) return 'not trained yet'
  return area === undefined ? 'known after the first epoch' : verdict(area)
}

function details(record: RunRecord | undefined, method: Method): string {
  const loss = record && recentLoss(record.losses[method])
  if (record === undefined || loss === undefined) return ''
  const text = `loss ${short(loss)}`
  if (method === 'Adagrad') return `${text} · every step taken whole`
  return record.lowest.length === 0 ? text : `${text} · smallest factor ${factorText(Math.min(...record.lowest))}`
}
