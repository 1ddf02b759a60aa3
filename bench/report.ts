import { exponentOfEntries, exponentOfLength, exponentOfTableRows, tableRows } from './growth.ts'
import type { Timing } from './measure.ts'
import { labelOf, type ProblemSpec, ROW_WIDTH, sizeOf } from './problem.ts'
import { findTiming, type Participant, type Results, specsOf } from './results.ts'
import { type Summary, scaled } from './statistics.ts'
import { type Column, formatCount, formatNumber, formatTable } from './table.ts'
import { isMet, judge } from './targets.ts'

const NOT_DONE = '–'

/** Everything that a run has found out, in Markdown. */
export function formatReport(results: Results): string {
  return [
    formatConditions(results),
    heading('Dense gradients', 'Nanoseconds per float32 element and step: median (quartiles).'),
    timingTable(results, main(results), specsOf(results.timings, 'dense'), perElement),
    heading(
      'Sparse gradients',
      `Microseconds per step: median (quartiles). Rows have ${ROW_WIDTH} columns; every fourth entry repeats a row.`,
    ),
    timingTable(results, main(results), specsOf(results.timings, 'sparse'), inMicroseconds),
    heading('Variants', 'Nanoseconds per element and step, to compare with `SIMD kernel, allocate()` above.'),
    timingTable(results, variants(results), specsOf(results.timings, 'dense'), perElement),
    heading('Targets', 'Against the medians.'),
    targetTable(results),
    heading(
      'Growth',
      'The exponent of time against the length of a dense gradient (from 4,096 on), and against the entries of a sparse one, by least squares of the logarithms. 1 is proportional.',
    ),
    growthTable(results),
    '',
    'Against the rows of the table, for one number of entries, in microseconds. A cost for rows that are not touched would show where the rows are the same; where they are spread, a larger table also misses the caches more often.',
    '',
    tableGrowthTable(results),
    heading(
      'Memory',
      'Resident bytes per float32 element of a dense gradient: variable, accumulator and gradient, and the most that a step needs. Each in a process of its own; good to about a byte.',
    ),
    memoryTable(results),
    formatLeftOut(results),
  ].join('\n')
}

function formatConditions({ machine, python, rounds, milliseconds }: Results): string {
  const others = python === undefined ? '' : ` ${python}.`
  return `${machine}.${others}\nOne thread each, ${rounds} rounds of ${milliseconds} ms, in which the contenders take turns${python === undefined ? '' : ', Python before JavaScript'}.`
}

function heading(title: string, text: string): string {
  return `\n### ${title}\n\n${text}\n`
}

function main({ participants }: Results): Participant[] {
  return participants.filter(({ isVariant }) => !isVariant)
}

function variants({ participants }: Results): Participant[] {
  return participants.filter(({ isVariant }) => isVariant)
}

const perElement = ({ spec, nanoseconds }: Timing): Summary => scaled(nanoseconds, 1 / sizeOf(spec))
const inMicroseconds = ({ nanoseconds }: Timing): Summary => scaled(nanoseconds, 1e-3)

/** A row for each of the participants that did any of it, a column for each problem. */
function timingTable(
  { timings }: Results,
  participants: readonly Participant[],
  specs: readonly ProblemSpec[],
  convert: (timing: Timing) => Summary,
): string {
  const rows = participants.flatMap(({ name }) => {
    const found = specs.map((spec) => findTiming(timings, name, spec))
    if (found.every((timing) => timing === undefined)) return []
    return [[name, ...found.map((timing) => (timing === undefined ? NOT_DONE : formatSummary(convert(timing))))]]
  })
  return formatTable([{ heading: '', align: 'left' }, ...specs.map((spec) => ({ heading: labelOf(spec) }))], rows)
}

function formatSummary({ median, lowerQuartile, upperQuartile }: Summary): string {
  return `${formatNumber(median)} (${formatNumber(lowerQuartile)}–${formatNumber(upperQuartile)})`
}

function targetTable(results: Results): string {
  const rows = judge(results).map((verdict) => {
    const { target, limit, unit, measured } = verdict
    const outcome = measured === undefined ? 'not measured' : isMet(verdict) ? 'met' : '**missed**'
    return [
      target,
      `≤ ${limit.toLocaleString('en')}`,
      measured === undefined ? NOT_DONE : formatNumber(measured),
      unit,
      outcome,
    ]
  })
  return formatTable([left('target'), { heading: 'limit' }, { heading: 'measured' }, left('unit'), left('')], rows)
}

function left(title: string): Column {
  return { heading: title, align: 'left' }
}

function growthTable(results: Results): string {
  const rows = main(results).map(({ name }) => [
    name,
    formatExponent(exponentOfLength(results.timings, name)),
    formatExponent(exponentOfEntries(results.timings, name)),
  ])
  return formatTable([left(''), { heading: 'elements' }, { heading: 'entries' }], rows)
}

function tableGrowthTable({ participants, tableTimings }: Results): string {
  const tables = [...new Set(specsOf(tableTimings, 'sparse').map((spec) => spec.tableRows))]
  const rows = [false, true].flatMap((spread) =>
    participants.flatMap(({ name }) => {
      const times = tables.map((count) => {
        const found = tableTimings.find((timing) => {
          return timing.contender === name && tableRows(tableTimings, timing.spec, spread) === count
        })
        return found === undefined ? NOT_DONE : formatSummary(inMicroseconds(found))
      })
      if (times.every((time) => time === NOT_DONE)) return []
      const exponent = exponentOfTableRows(tableTimings, name, spread)
      return [[name, spread ? 'spread' : 'the same', ...times, formatExponent(exponent)]]
    }),
  )
  const columns = tables.map((count) => ({ heading: `${formatCount(count)} rows` }))
  return formatTable([left(''), left('rows touched'), ...columns, { heading: 'exponent' }], rows)
}

function formatExponent(exponent: number | undefined): string {
  return exponent === undefined ? NOT_DONE : exponent.toFixed(2)
}

function memoryTable({ memory, garbage }: Results): string {
  const rows = memory.map(({ contender, held, peak }) => [contender, held.toFixed(1), peak.toFixed(1)])
  const table = formatTable([left(''), { heading: 'held' }, { heading: 'peak' }], rows)
  if (garbage === undefined) return table
  return `${table}\n\nA step of the Optimizer on a dense gradient leaves ${formatCount(garbage)} bytes on the heap.`
}

function formatLeftOut({ leftOut }: Results): string {
  if (leftOut.length === 0) return ''
  return ['\n### Left out\n', ...leftOut.map(({ name, why }) => `- ${name}: ${why}`)].join('\n')
}

/** The medians alone, dense beside sparse, for the README. */
export function formatReadmeSection(results: Results): string {
  const specs = [...specsOf(results.timings, 'dense'), ...specsOf(results.timings, 'sparse')]
  const rows = main(results).map(({ name }) => [
    name,
    ...specs.map((spec) => {
      const timing = findTiming(results.timings, name, spec)
      if (timing === undefined) return NOT_DONE
      return formatNumber((spec.kind === 'dense' ? perElement(timing) : inMicroseconds(timing)).median)
    }),
  ])
  const columns = specs.map((spec) => ({
    heading: spec.kind === 'dense' ? labelOf(spec) : `${formatCount(spec.entries)} rows`,
  }))
  const table = formatTable([left(''), ...columns], rows)
  const rowsOfTable = formatCount(specsOf(results.timings, 'sparse')[0]?.tableRows ?? 0)
  return [
    '## Speed\n',
    'Nanoseconds per float32 element of a dense step, by its length; then microseconds for a step on some rows of a',
    `${rowsOfTable} × ${ROW_WIDTH} table, repeats included. Adagrad does not clip. Medians; quartiles, targets met and missed, growth, memory and the`,
    "demo's time by part are in [bench/RESULTS.md](bench/RESULTS.md). Written by `npm run bench -- --write`, which checks every answer first.\n",
    table,
    `\n${formatConditions(results)}`,
  ].join('\n')
}
