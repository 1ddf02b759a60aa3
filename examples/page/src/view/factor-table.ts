import type uPlot from 'uplot'
import type { RunRecord } from '../training/record.ts'
import { factorText } from '../words/numbers.ts'
import type { NamedVariable } from '../words/variables.ts'
import { byId, setText, tableRow } from './elements.ts'
import { fittedChart } from './fitted.ts'
import { color, onThemeChange } from './theme.ts'

/** Where the small charts end when nothing was clipped harder, and where they end in any case: a factor may be 0. */
const HIGHEST_BOTTOM = 1e-2
const LOWEST_BOTTOM = 1e-10
const HEIGHT = 28

interface FactorRow {
  chart: uPlot
  now: HTMLElement
  lowest: HTMLElement
}

/** A row for each variable: its factor over time, now, and at its lowest. */
export class FactorTable {
  readonly #rows: FactorRow[]
  readonly #bottomText = byId('factors-bottom', HTMLElement)
  #batches = 1
  /** One scale for all of them, so that they can be compared. */
  #bottom = HIGHEST_BOTTOM

  constructor(variables: readonly NamedVariable[]) {
    const body = byId('factors', HTMLTableElement).tBodies[0]
    this.#rows = variables.map((variable) => {
      const row = tableRow([variable.name, '', '–', '–'])
      const [name, spark, now, lowest] = row.cells
      const shape = document.createElement('small')
      shape.textContent = variable.shape
      name.append(shape)
      spark.className = 'spark'
      for (const cell of [now, lowest]) cell.className = 'number'
      body.append(row)
      // The numbers beside it say what it shows.
      const picture = document.createElement('div')
      picture.ariaHidden = 'true'
      spark.append(picture)
      return {
        chart: fittedChart(
          picture,
          HEIGHT,
          sparkline(
            () => this.#batches,
            () => this.#bottom,
          ),
        ),
        now,
        lowest,
      }
    })
    onThemeChange(() => {
      for (const { chart } of this.#rows) chart.redraw()
    })
  }

  show(record: RunRecord | undefined): void {
    this.#batches = record?.batches ?? 1
    this.#bottom = bottomFor(record?.lowest ?? [])
    setText(this.#bottomText, String(this.#bottom).replace('-', '−'))
    const factors = record?.factors ?? []
    const batches = factors.map((_, index) => index + 1)
    this.#rows.forEach(({ chart, now, lowest }, variable) => {
      chart.setData([
        batches,
        factors.map((batch) => (batch.length === 0 ? null : Math.max(batch[variable], this.#bottom))),
      ])
      const last = factors.at(-1)?.[variable]
      setText(now, last === undefined ? '–' : factorText(last))
      const smallest = record?.lowest[variable]
      setText(lowest, smallest === undefined ? '–' : factorText(smallest))
    })
  }
}

/** The power of ten below the smallest factor. */
function bottomFor(lowest: readonly number[]): number {
  const exponent = Math.floor(Math.log10(Math.min(...lowest, HIGHEST_BOTTOM)))
  return Math.max(Number(`1e${exponent}`), LOWEST_BOTTOM)
}

function sparkline(batches: () => number, bottom: () => number): Omit<uPlot.Options, 'width' | 'height'> {
  return {
    legend: { show: false },
    cursor: { show: false },
    padding: [2, 0, 2, 0],
    axes: [{ show: false }, { show: false }],
    scales: {
      x: { time: false, range: () => [1, Math.max(batches(), 2)] },
      y: { distr: 3, range: () => [bottom(), 1] },
    },
    series: [
      {},
      { stroke: () => color('clippy'), width: 1.25, fill: () => color('clippy-faint'), points: { show: false } },
    ],
  }
}
