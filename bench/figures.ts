import { type Summary, summarise } from '../tools/statistics.ts'
import { type Column, formatNumber, formatTable } from '../tools/table.ts'
import type { Contender } from './contenders/contender.ts'
import { type Pace, timeInTurns } from './timing.ts'

/** One cell of a table. */
export interface Figure {
  readonly row: string
  readonly column: string
  readonly value: Summary
}

/** The figures of a part, by the table they belong to. */
export type Tables = Readonly<Record<string, readonly Figure[]>>

/** The figures of both, table by table. */
export function joined(one: Tables, other: Tables): Tables {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])]
  return Object.fromEntries(names.map((name) => [name, [...(one[name] ?? []), ...(other[name] ?? [])]]))
}

/** What the contenders of one column took, in each round. */
export class Race {
  readonly #column: string
  readonly #names: readonly string[]
  readonly #times: readonly (readonly number[])[]

  constructor(column: string, contenders: readonly Contender[], pace: Pace) {
    this.#column = column
    this.#names = contenders.map(({ name }) => name)
    this.#times = timeInTurns(contenders, pace)
  }

  /**
   * A figure for each contender: the summary over the rounds of what `compute` makes of its time. `of` gives the time of
   * another contender in the same round: ratios of neighbours suffer least from what else the machine does.
   */
  figures(compute: (time: number, of: (name: string) => number) => number): Figure[] {
    return this.#names.map((row, k) => {
      const values = this.#times[k].map((time, round) => compute(time, (name) => this.#timeOf(name, round)))
      return { row, column: this.#column, value: summarise(values) }
    })
  }

  #timeOf(name: string, round: number): number {
    const k = this.#names.indexOf(name)
    if (k === -1) throw new Error(`nobody in this race is called '${name}'`)
    return this.#times[k][round]
  }
}

/** A Markdown table of figures: rows and columns in the order of first appearance, a dash where there is none. */
export function tableOf(figures: readonly Figure[], format: (value: Summary) => string, corner = ''): string {
  const names = (key: 'row' | 'column') => [...new Set(figures.map((figure) => figure[key]))]
  const columns = names('column')
  const cells = names('row').map((row) => [
    row,
    ...columns.map((column) => {
      const found = figures.find((figure) => figure.row === row && figure.column === column)
      return found === undefined ? '–' : format(found.value)
    }),
  ])
  const left: Column = { heading: corner, align: 'left' }
  return formatTable([left, ...columns.map((heading) => ({ heading }))], cells)
}

/** The median, with two decimals below 10. */
export function asRatio({ median }: Summary): string {
  return median < 9.995 ? median.toFixed(2) : formatNumber(median)
}

/** The median and the quartiles. */
export function withQuartiles({ median, lowerQuartile, upperQuartile }: Summary): string {
  return `${formatNumber(median)} (${formatNumber(lowerQuartile)}–${formatNumber(upperQuartile)})`
}
