import { availableParallelism, cpus } from 'node:os'
import type { Summary } from '../../../bench/statistics.ts'
import { formatCount, formatNumber, formatTable } from '../../../bench/table.ts'
import type { Measured } from './measure.ts'
import type { Options } from './options.ts'

/** A table of everyone's figures, and what they depend on. */
export function formatReport(measured: readonly Measured[], { rounds, milliseconds }: Options): string {
  const columns = [
    { heading: '', align: 'left' as const },
    ...measured.map(({ length }) => ({ heading: formatCount(length) })),
  ]
  const rows = measured[0].timings.map(({ name }, k) => [
    name,
    ...measured.map(({ timings }) => formatSummary(timings[k].nanoseconds)),
  ])
  const disturbed = measured.reduce((sum, one) => sum + one.disturbed, 0)
  const count = rounds * measured.length * measured[0].timings.length
  const model = cpus()[0]?.model.trim() ?? 'unknown processor'
  const machine = `${model} (${availableParallelism()} cores), Node ${process.version}, ${process.platform} ${process.arch}`
  const versions = measured[0].versions === undefined ? '' : ` ${measured[0].versions}.`
  return `Nanoseconds per float32 element of a step, by the variable's length: median (quartiles).

${formatTable(columns, rows)}

${machine}.${versions} ${rounds} rounds of ${milliseconds} ms, in which the contenders take turns;
a timing during which other programs kept more than a tenth of a processor busy was repeated, up to four times (${disturbed} of ${count} timings stayed disturbed).`
}

function formatSummary({ median, lowerQuartile, upperQuartile }: Summary): string {
  return `${formatNumber(median)} (${formatNumber(lowerQuartile)}–${formatNumber(upperQuartile)})`
}
