import { summarise } from './statistics.ts'
import { formatCount, formatTable } from './table.ts'
import type { EpochTimes } from './timed-training.ts'

/** One way of training the demo's model, with the times of its epochs. */
export interface Variant {
  readonly embeddings: 'sparse' | 'dense'
  /** Rows of the additional table, if there is one. */
  readonly table: number | undefined
  readonly epochs: readonly EpochTimes[]
}

/** A row for each variant, the two that differ only in their gradients one above the other, and what sparse ones gain. */
export function formatDemoReport(variants: readonly Variant[]): string {
  const tables = [...new Set(variants.map(({ table }) => table))]
  const ordered = tables.flatMap((table) => variants.filter((variant) => variant.table === table))
  const rows = ordered.map((variant) => {
    const parts = (['loss', 'backward', 'optimizer', 'rest'] as const).map((part) => medianOf(variant, part).toFixed(0))
    const share = (100 * medianOf(variant, 'optimizer')) / medianOf(variant, 'total')
    const seconds = (medianOf(variant, 'total') / 1000).toFixed(3)
    return [nameOf(variant.table), variant.embeddings, seconds, ...parts, `${share.toFixed(1)} %`]
  })
  const columns = ['s per epoch', 'forward, ms', 'backward, ms', 'optimizer, ms', 'rest, ms', "optimizer's share"]
  const table = formatTable(
    [
      { heading: 'embedding tables', align: 'left' },
      { heading: 'gradients', align: 'left' },
      ...columns.map((heading) => ({ heading })),
    ],
    rows,
  )
  return [table, '', ...tables.map((count) => `- ${gain(variants, count)}`)].join('\n')
}

function nameOf(table: number | undefined): string {
  return table === undefined ? "the demo's" : `and one of ${formatCount(table)} rows`
}

function medianOf({ epochs }: Variant, part: keyof EpochTimes): number {
  return summarise(epochs.map((times) => times[part])).median
}

/** What sparse gradients gain, in words; from the medians. */
function gain(variants: readonly Variant[], table: number | undefined): string {
  const find = (embeddings: Variant['embeddings']): Variant => {
    const found = variants.find((variant) => variant.table === table && variant.embeddings === embeddings)
    if (found === undefined) throw new Error(`the ${embeddings} variant of ${nameOf(table)} is missing`)
    return found
  }
  const [dense, sparse] = [find('dense'), find('sparse')]
  const ratio = (part: keyof EpochTimes) => (medianOf(dense, part) / medianOf(sparse, part)).toFixed(2)
  return `${nameOf(table)}: dense gradients take ${ratio('total')} times as long as sparse ones, ${ratio('optimizer')} times in the optimizer.`
}
