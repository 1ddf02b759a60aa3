import asciichart from 'asciichart'
import { CURVE_CAPTION, LOSS_CEILING, lossCurve } from './curve.ts'
import { type Experiment, formatRate, METHODS } from './experiment.ts'

interface Column {
  heading: string
  cell: (experiment: Experiment) => string
  align?: 'left'
}

const BEFORE_SCORES: readonly Column[] = [
  { heading: 'learning rate', cell: ({ learningRate }) => formatRate(learningRate) },
  { heading: 'optimizer', cell: ({ method }) => method, align: 'left' },
]
const AFTER_SCORES: readonly Column[] = [
  { heading: 'worst batch loss', cell: (experiment) => formatNumber(worstLoss(experiment)) },
  { heading: 'smallest factor', cell: ({ smallestFactor }) => formatNumber(smallestFactor) },
  { heading: 'seconds', cell: ({ seconds }) => seconds.toFixed(1) },
  { heading: '', cell: ({ breakdown }) => (breakdown ? `stopped: ${breakdown}` : ''), align: 'left' },
]

/** Of one task; where there are several, the first heading names it. */
function scoreColumns(task: string, index: number, tasks: number): Column[] {
  const name = tasks === 1 ? '' : `${task}: `
  return [
    { heading: `${name}test AUC`, cell: ({ scores }) => scores[index].areaUnderCurve.toFixed(4) },
    { heading: 'log loss', cell: ({ scores }) => formatNumber(scores[index].logLoss) },
  ]
}

/** The results, one line for each experiment. */
export function formatTable(experiments: readonly Experiment[]): string {
  const [{ scores }] = experiments
  const columns = [
    ...BEFORE_SCORES,
    ...scores.flatMap(({ task }, index) => scoreColumns(task, index, scores.length)),
    ...AFTER_SCORES,
  ]
  const lines = [columns.map(({ heading }) => heading)]
  for (const experiment of experiments) lines.push(columns.map(({ cell }) => cell(experiment)))
  const widths = columns.map((_, column) => Math.max(...lines.map((cells) => cells[column].length)))
  const pad = (cell: string, column: number): string =>
    columns[column].align === 'left' ? cell.padEnd(widths[column]) : cell.padStart(widths[column])
  return lines.map((cells) => cells.map(pad).join('  ').trimEnd()).join('\n')
}

function worstLoss({ losses }: Experiment): number {
  // Math.max gives NaN if any loss is NaN. Not Math.max(...losses): there may be too many for arguments.
  return losses.reduce((worst, loss) => Math.max(worst, loss))
}

function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return 'not finite'
  return value === 1 ? '1' : value.toPrecision(4)
}

const CHART_HEIGHT = 5
const CHART_WIDTH = 30

/** The training losses: one row of charts for each learning rate, with Adagrad on the left and Clippy on the right. */
export function formatCharts(experiments: readonly Experiment[]): string {
  const curves = experiments.map(({ losses }) => lossCurve(losses))
  const floor = curves.flat().reduce((lowest, loss) => Math.min(lowest, loss), LOSS_CEILING / 2)
  const batches = Math.max(...curves.map((curve) => curve.length))
  const charts = experiments.map(({ method, learningRate }, index) => {
    // Training that stopped early fills its part of the width.
    const width = Math.ceil((CHART_WIDTH * curves[index].length) / batches)
    return [`${method}, learning rate ${formatRate(learningRate)}`, ...plot(curves[index], width, floor)]
  })
  const rows: string[] = []
  for (let index = 0; index < charts.length; index += METHODS.length) {
    rows.push(sideBySide(charts.slice(index, index + METHODS.length)))
  }
  return [`Training loss (${CURVE_CAPTION})`, ...rows].join('\n\n')
}

function plot(curve: readonly number[], width: number, floor: number): string[] {
  const points = Array.from({ length: width }, (_, column) => curve[Math.floor((column * curve.length) / width)])
  const format = (value: number): string => value.toFixed(2).padStart(6)
  return asciichart.plot(points, { min: floor, max: LOSS_CEILING, height: CHART_HEIGHT, format }).split('\n')
}

function sideBySide(charts: readonly string[][]): string {
  const width = CHART_WIDTH + 12
  const lines = charts[0].map((_, line) => charts.map((chart) => chart[line].padEnd(width)).join(''))
  return lines.map((line) => line.trimEnd()).join('\n')
}
