import type uPlot from 'uplot'
import { CURVE_CAPTION, LOSS_CEILING, lossCurve } from '../../../adult/curve.ts'
import { METHODS } from '../../../adult/experiment.ts'
import type { RunRecord } from '../training/record.ts'
import { short } from '../words/numbers.ts'
import { byId, setText } from './elements.ts'
import { fittedChart } from './fitted.ts'
import { color, onThemeChange } from './theme.ts'

const HEIGHT = 260
/** Batches on the axis before there is a run. */
const EMPTY = 100
const FONT = '12px system-ui, sans-serif'

/** The smoothed losses of both methods. */
export class LossChart {
  readonly #chart: uPlot
  readonly #text = byId('loss-text', HTMLElement)
  #batches = EMPTY
  #summary = ''

  constructor() {
    setText(byId('loss-caption', HTMLElement), `Each point: ${CURVE_CAPTION}.`)
    this.#chart = fittedChart(
      byId('loss-chart', HTMLElement),
      HEIGHT,
      options(
        () => this.#batches,
        (index) => this.#point(index),
      ),
    )
    onThemeChange(() => this.#chart.redraw())
  }

  show(record: RunRecord | undefined, summary: string): void {
    this.#batches = record?.batches ?? EMPTY
    const curves = METHODS.map((method) => lossCurve(record?.losses[method] ?? []))
    const batches = Array.from({ length: Math.max(...curves.map(({ length }) => length)) }, (_, index) => index + 1)
    // A model that broke down has a shorter curve.
    this.#chart.setData([batches, ...curves.map((curve) => batches.map((_, index) => curve[index] ?? null))])
    this.#summary = summary
    if (this.#chart.cursor.idx == null) setText(this.#text, summary)
  }

  /** Under the pointer: the numbers there; elsewhere the summary. */
  #point(index: number | null | undefined): void {
    const [batches, ...curves] = this.#chart.data
    if (index == null || index >= batches.length) {
      setText(this.#text, this.#summary)
      return
    }
    const losses = METHODS.map((method, position) => {
      const loss = curves[position][index]
      return `${method} ${loss == null ? 'stopped' : `${short(loss)}${loss === LOSS_CEILING ? ' or more' : ''}`}`
    })
    setText(this.#text, `Batch ${batches[index]}: ${losses.join(', ')}`)
  }
}

function options(
  batches: () => number,
  onPoint: (index: number | null | undefined) => void,
): Omit<uPlot.Options, 'width' | 'height'> {
  const axis: uPlot.Axis = {
    stroke: () => color('muted'),
    grid: { stroke: () => color('grid'), width: 1 },
    ticks: { show: false },
    font: FONT,
    labelFont: FONT,
  }
  return {
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false } },
    scales: {
      x: { time: false, range: () => [1, batches()] },
      y: { range: [0, LOSS_CEILING] },
    },
    axes: [
      { ...axis, label: 'batch', labelSize: 18, size: 26, space: 48, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500] },
      { ...axis, size: 34, incrs: [0.2] },
    ],
    series: [
      {},
      // Dashes, so that the lines can be told apart without their colours.
      { label: METHODS[0], stroke: () => color('adagrad'), width: 2, dash: [6, 4], points: { show: false } },
      { label: METHODS[1], stroke: () => color('clippy'), width: 2.5, points: { show: false } },
    ],
    hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx)] },
  }
}
