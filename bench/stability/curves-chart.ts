import { FRAME, titled, toSvg } from '../../tools/chart.ts'
import { type Curve, meanOf } from './curves.ts'
import { METHODS } from './methods.ts'
import type { MAIN_MODELS } from './models.ts'
import { GUESSING } from './run.ts'

const NAMES = METHODS.map(({ name }) => name)
/** Warm colours and grey for the others, blues and greens for Clippy; in the order of METHODS. */
const COLORS = ['#525252', '#e6550d', '#fdae6b', '#c51b8a', '#08306b', '#4292c6', '#9ecae1', '#00441b', '#41ab5d']

const SOLID = [1, 0]
/** For lines that cover each other. */
const DASHES: Readonly<Record<string, number[]>> = {
  'Clippy (0.5, 0.01), clipped accumulator': [6, 4],
  'Clippy (0.5, 0.01), standard accumulator': [2, 3],
}

/** The models that have a column; that of experts looks much like that of the shared bottom. */
const COLUMNS: readonly { readonly model: (typeof MAIN_MODELS)[number]; readonly title: string }[] = [
  { model: 'demo', title: "the demo's model" },
  { model: 'deep', title: 'the deep model' },
  { model: 'shared', title: 'two tasks on a shared bottom, their mean' },
]

/** The panels of the lower row show what the upper ones press together: so far below the best mean. */
const CLOSE_UP = 0.03

interface Value {
  readonly method: string
  readonly rate: number
  readonly area: number
}

/** Test AUC over learning rate, a line for each optimizer; a column for each model. */
export function drawCurves(curves: readonly Curve[]): Promise<string> {
  const columns = COLUMNS.map(({ model, title }) => {
    const own = curves.filter(({ learner }) => learner.model === model)
    const values = NAMES.flatMap((method) => meansOfTasks(own.filter((curve) => curve.method === method)))
    const best = Math.max(...values.map(({ area }) => area))
    return {
      vconcat: [
        panel(values, title, [GUESSING, 0.92], 240),
        panel(values, '', [best - CLOSE_UP, best + CLOSE_UP / 10], 190),
      ],
    }
  })
  return toSvg({
    ...FRAME,
    title: titled(
      'Test AUC over learning rate',
      'Mean of the seeds after two epochs on UCI Adult; a run that broke down counts as 0.5, which is guessing.',
      'Below: the upper end, close up.',
    ),
    hconcat: columns,
    spacing: 28,
  })
}

/** Of one method's curves for the tasks of a model. */
function meansOfTasks(curves: readonly Curve[]): Value[] {
  const [{ method, points }] = curves
  return points.map(({ learningRate }, at) => {
    return { method, rate: learningRate, area: meanOf(curves.map((curve) => curve.points[at].mean)) }
  })
}

function panel(values: Value[], title: string, domain: number[], height: number) {
  return {
    title,
    width: 300,
    height,
    data: { values },
    mark: { type: 'line' as const, point: { size: 24 }, clip: true, strokeWidth: 2 },
    encoding: {
      x: {
        field: 'rate',
        type: 'quantitative' as const,
        title: 'learning rate',
        scale: { type: 'log' as const, nice: false },
        axis: { values: [...new Set(values.map(({ rate }) => rate))], format: '~g', labelOverlap: false },
      },
      y: { field: 'area', type: 'quantitative' as const, title: 'test AUC', scale: { domain, nice: false } },
      color: {
        field: 'method',
        type: 'nominal' as const,
        title: null,
        scale: { domain: NAMES, range: COLORS },
        legend: { orient: 'bottom' as const, columns: 3 },
      },
      strokeDash: {
        field: 'method',
        type: 'nominal' as const,
        title: null,
        scale: { domain: NAMES, range: NAMES.map((name) => DASHES[name] ?? SOLID) },
      },
    },
  }
}
