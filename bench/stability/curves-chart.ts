import type { Curve } from './curves.ts'
import { FRAME, titled, toSvg } from './svg.ts'
import { METHODS } from './methods.ts'
import { MODEL_KINDS, type ModelKind } from './models.ts'
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

const MODEL_TITLES: Record<ModelKind, string> = { demo: "the demo's model", deep: 'the deep model' }

/** The panels of the lower row show what the upper ones press together. */
const CLOSE_UP = [0.88, 0.915]

/** Test AUC over learning rate, a line for each optimizer; a column for each model. */
export function drawCurves(curves: readonly Curve[]): Promise<string> {
  const column = (model: ModelKind) => {
    const values = curves
      .filter((curve) => curve.model === model)
      .flatMap(({ method, points }) =>
        points.map(({ learningRate, mean }) => ({ method, rate: learningRate, area: mean })),
      )
    return { vconcat: [panel(values, MODEL_TITLES[model], [GUESSING, 0.92], 260), panel(values, '', CLOSE_UP, 200)] }
  }
  return toSvg({
    ...FRAME,
    title: titled(
      'Test AUC over learning rate',
      'Mean of the seeds after two epochs on UCI Adult; a run that broke down counts as 0.5, which is guessing.',
      'Below: the upper end, close up.',
    ),
    hconcat: MODEL_KINDS.map(column),
    spacing: 32,
  })
}

function panel(values: Record<string, unknown>[], title: string, domain: number[], height: number) {
  return {
    title,
    width: 360,
    height,
    data: { values },
    mark: { type: 'line' as const, point: { size: 24 }, clip: true, strokeWidth: 2 },
    encoding: {
      x: {
        field: 'rate',
        type: 'quantitative' as const,
        title: 'learning rate',
        scale: { type: 'log' as const, nice: false },
        axis: { values: [...new Set(values.map(({ rate }) => Number(rate)))], format: '~g', labelOverlap: false },
      },
      y: { field: 'area', type: 'quantitative' as const, title: 'test AUC', scale: { domain } },
      color: {
        field: 'method',
        type: 'nominal' as const,
        title: null,
        scale: { domain: NAMES, range: COLORS },
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
