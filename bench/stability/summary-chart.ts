import { FRAME, titled, toSvg } from '../../tools/chart.ts'
import type { Curve, Point } from './curves.ts'
import { GUESSING } from './run.ts'

/** The three lines, and the point of each that has the line's name beside it. */
const LINES = [
  { method: 'Adagrad', label: 'Adagrad', color: '#d1495b', at: -1, align: 'right', dx: 0, dy: -14 },
  {
    method: 'Adagrad + GC',
    label: 'Adagrad, gradients clipped',
    color: '#d98a1f',
    at: 1,
    align: 'left',
    dx: 14,
    dy: 6,
  },
  { method: 'Clippy (0.1, 0.01)', label: 'ClippyAdagrad', color: '#1f6f8b', at: -1, align: 'right', dx: 0, dy: -14 },
] as const

const NAME = { fontSize: 15, fontWeight: 'bold' } as const

/** Adagrad, gradient clipping and Clippy on the demo's model, in few words: the README's first picture. */
export function drawSummary(curves: readonly Curve[]): Promise<string> {
  const own = LINES.map((line) => {
    const curve = curves.find(({ learner, method }) => learner.model === 'demo' && method === line.method)
    if (curve === undefined) throw new Error(`there is no curve for ${line.method}`)
    return { ...line, points: curve.points }
  })
  const values = own.flatMap(({ label, points }) => points.map((point) => dotOf(label, point)))
  const color = {
    field: 'label',
    type: 'nominal' as const,
    legend: null,
    scale: { domain: LINES.map(({ label }) => label), range: LINES.map((line) => line.color) },
  }
  const x = {
    field: 'rate',
    type: 'quantitative' as const,
    title: 'learning rate',
    scale: { type: 'log' as const, nice: false },
    axis: { values: [...new Set(values.map(({ rate }) => rate))], format: '~g', labelOverlap: false },
  }
  const lowest = Math.min(GUESSING, ...values.map(({ area }) => area))
  const scale = { domain: [lowest - 0.02, 0.94], nice: false }
  const y = { field: 'area', type: 'quantitative' as const, title: 'test AUC', scale }
  return toSvg({
    ...FRAME,
    title: {
      ...titled(
        'ClippyAdagrad trains at rates at which Adagrad does not',
        'A small network learns from census data who has a high income.',
        'Test AUC: of all pairs of a person who has and one who has not,',
        'the share that it puts in the right order. 0.5 is guessing.',
      ),
      fontSize: 17,
      subtitleFontSize: 14,
    },
    width: 700,
    height: 340,
    data: { values },
    layer: [
      {
        mark: { type: 'rule', strokeDash: [4, 4], color: '#888' },
        encoding: { y: { datum: GUESSING, type: 'quantitative', title: 'test AUC', scale } },
      },
      { mark: { type: 'line', point: { size: 50 }, strokeWidth: 3 }, encoding: { x, y, color } },
      ...own.map(({ label, points, at, align, dx, dy }) => ({
        data: {
          values: points
            .slice(at)
            .slice(0, 1)
            .map((point) => dotOf(label, point)),
        },
        mark: { type: 'text' as const, align, dx, dy, ...NAME },
        encoding: { x, y, color, text: { field: 'label' } },
      })),
    ],
    config: {
      ...FRAME.config,
      axis: { ...FRAME.config.axis, labelFontSize: 13, titleFontSize: 14 },
    },
  })
}

function dotOf(label: string, { learningRate, mean }: Point) {
  return { label, rate: learningRate, area: mean }
}
