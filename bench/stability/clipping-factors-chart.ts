import { FRAME, titled, toSvg } from '../../tools/chart.ts'
import type { FactorHistory } from './clipping-factors.ts'

const COLORS = ['#4292c6', '#d1495b']
/** Factors below this are drawn as this. */
const FLOOR = 0.01

/** Clipping factors over steps: a panel for each variable, a line for each learning rate. */
export function drawFactors(histories: readonly FactorHistory[]): Promise<string> {
  const rates = [...new Set(histories.map(({ learningRate }) => String(learningRate)))]
  return toSvg({
    ...FRAME,
    title: titled(
      'When does clipping act?',
      "Clipping factor of each variable of the demo's model, step by step, with the paper's thresholds (0.5, 0.01).",
      `1 means that the step was not clipped. The axis is logarithmic, factors below ${FLOOR} are drawn as ${FLOOR}.`,
    ),
    data: {
      values: histories.flatMap(({ variable, learningRate, factors }) =>
        factors.map((factor, index) => {
          return { variable, rate: String(learningRate), step: index + 1, factor: Math.max(factor, FLOOR) }
        }),
      ),
    },
    facet: { field: 'variable', type: 'nominal', sort: [...new Set(histories.map(({ variable }) => variable))] },
    columns: 2,
    bounds: 'flush',
    spacing: { row: 44, column: 28 },
    spec: {
      width: 380,
      height: 80,
      mark: { type: 'line', strokeWidth: 1 },
      encoding: {
        x: { field: 'step', type: 'quantitative', title: 'step', axis: { tickCount: 4 } },
        y: {
          field: 'factor',
          type: 'quantitative',
          title: 'factor',
          scale: { type: 'log', domain: [FLOOR, 1] },
          axis: { values: [FLOOR, 0.1, 1], format: '~g' },
        },
        color: {
          field: 'rate',
          type: 'nominal',
          title: 'learning rate',
          scale: { domain: rates, range: COLORS },
        },
      },
    },
  })
}
