import { FRAME, titled, toSvg } from '../tools/chart.ts'
import type { Figure } from './figures.ts'
import type { Results } from './results.ts'

/** A line of the chart: the part, and the names of its rows for dense and for sparse gradients. */
interface Series {
  readonly name: string
  readonly part: 'python' | 'peers' | 'own'
  readonly dense: string
  readonly sparse: string
  readonly color: string
}

const own = (name: string, row: string, color: string): Series => {
  return { name, part: 'own', dense: `${row}, float32`, sparse: row, color }
}

/** Nine, so that they can be told apart. Bold: this package. */
const SERIES: readonly Series[] = [
  own('step, in place', 'step, in place', '#08306b'),
  own('step, ordinary arrays', 'step, ordinary arrays', '#2171b5'),
  own('step, without WebAssembly', 'step, without WebAssembly', '#6baed6'),
  own('plain loop', 'plain loop', '#525252'),
  ...(['wasm', 'cpu'] as const).map((backend, k): Series => {
    const row = `tf.js ${backend}, Clippy composed`
    return { name: `tf.js, ${backend}`, part: 'peers', dense: row, sparse: row, color: ['#41ab5d', '#a1d99b'][k] }
  }),
  {
    name: 'TensorFlow, XLA (rows: graph)',
    part: 'python',
    dense: 'TensorFlow XLA, the reference',
    sparse: 'TensorFlow graph, the reference',
    color: '#e6550d',
  },
  {
    name: 'PyTorch, compiled (rows: eager)',
    part: 'python',
    dense: 'torch.compile, Clippy composed',
    sparse: 'PyTorch eager, Clippy composed',
    color: '#a50f15',
  },
]

/** Time against size, both logarithmic: dense gradients on the left, sparse ones on the right. */
export function drawSvg(results: Results): Promise<string> {
  const shown = SERIES.filter((series) => pointsOf(results, series, 'dense').length > 0)
  const panel = (kind: 'dense' | 'sparse', title: string, xTitle: string, yTitle: string) => ({
    title: { text: title, fontSize: 13, offset: 8 },
    width: 400,
    height: 380,
    data: { values: shown.flatMap((series) => pointsOf(results, series, kind)) },
    mark: { type: 'line' as const, point: { size: 20 } },
    encoding: {
      x: {
        field: 'size',
        type: 'quantitative' as const,
        title: xTitle,
        scale: { type: 'log' as const, nice: false },
        axis: { format: ',', values: sizesOf(results, kind), labelAngle: -30, labelOverlap: false },
      },
      y: {
        field: 'time',
        type: 'quantitative' as const,
        title: yTitle,
        scale: { type: 'log' as const },
        axis: { format: ',', tickCount: 6 },
      },
      color: {
        field: 'name',
        type: 'nominal' as const,
        title: null,
        scale: { domain: shown.map(({ name }) => name), range: shown.map(({ color }) => color) },
      },
      strokeWidth: { condition: { test: 'datum.own', value: 3 }, value: 1.25 },
    },
  })
  return toSvg({
    ...FRAME,
    title: titled(
      'Time of a step',
      'Bold: this package. float32, one thread; both axes are logarithmic.',
      results.dense?.conditions ?? '',
    ),
    hconcat: [
      panel('dense', 'A whole variable', 'elements', 'nanoseconds per element'),
      panel('sparse', 'Rows of a table of 1,000,000 × 16', 'rows', 'microseconds per step'),
    ],
    spacing: 32,
  })
}

function figuresOf(results: Results, { part }: Pick<Series, 'part'>, kind: 'dense' | 'sparse'): readonly Figure[] {
  const name = part === 'own' ? kind : part
  return results[name]?.tables[kind === 'dense' ? 'nanoseconds' : 'microseconds'] ?? []
}

function sizesOf(results: Results, kind: 'dense' | 'sparse'): number[] {
  return [...new Set(figuresOf(results, { part: 'own' }, kind).map(sizeOf))]
}

function pointsOf(results: Results, series: Series, kind: 'dense' | 'sparse'): object[] {
  const isOwn = series.part === 'own' && series.name !== 'plain loop'
  // The plain loop has run in two processes: the first figure of a size is the one that the table shows.
  const bySize = new Map<number, object>()
  for (const figure of figuresOf(results, series, kind)) {
    const size = sizeOf(figure)
    if (figure.row !== series[kind] || bySize.has(size)) continue
    bySize.set(size, { name: series.name, size, time: figure.value.median, own: isOwn })
  }
  return [...bySize.values()]
}

/** The number that a column's heading begins with. */
function sizeOf({ column }: Figure): number {
  return Number(column.replace(/ rows$/, '').replaceAll(',', ''))
}
