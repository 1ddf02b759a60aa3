import { FRAME, titled, toSvg } from '../../tools/chart.ts'
import { DESCENTS, descend, SETTLES_AT } from './illustration.ts'

const COLORS = { 'without clipping': '#d1495b', "with Clippy's": '#1f6f8b' }

/** |w| over steps, without and with clipping; a panel for each learning rate. */
export function drawIllustration(): Promise<string> {
  const values = DESCENTS.flatMap((descent) =>
    Object.keys(COLORS).flatMap((clipping, isClipped) =>
      descend(descent, isClipped === 1).map((w, step) => {
        const edge = `rate × sharpness = ${Number((descent.learningRate * descent.sharpness).toFixed(6))}`
        return { edge, clipping, step, size: Math.abs(w) }
      }),
    ),
  )
  const y = { type: 'quantitative' as const, scale: { type: 'log' as const, domain: [1e-4, 1e4] }, title: '|w|' }
  return toSvg({
    ...FRAME,
    title: titled(
      'Gradient descent beyond the edge of stability',
      'On ½ · sharpness · w², which converges only below learning rate × sharpness = 2.',
      `Clipped with the paper's thresholds (0.5, 0.01); dashed: 0.01 / (2 − 0.5) = ${SETTLES_AT.toPrecision(3)}.`,
    ),
    data: { values },
    facet: { field: 'edge', type: 'nominal', sort: [...new Set(values.map(({ edge }) => edge))] },
    columns: 4,
    bounds: 'flush',
    spacing: 32,
    spec: {
      width: 200,
      height: 220,
      layer: [
        {
          mark: { type: 'line', clip: true, strokeWidth: 2 },
          encoding: {
            x: { field: 'step', type: 'quantitative', title: 'step', axis: { tickCount: 4 } },
            y: { ...y, field: 'size', axis: { tickCount: 5, format: '~e' } },
            color: {
              field: 'clipping',
              type: 'nominal',
              title: null,
              scale: { domain: Object.keys(COLORS), range: Object.values(COLORS) },
            },
          },
        },
        { mark: { type: 'rule', strokeDash: [4, 4], color: '#888' }, encoding: { y: { datum: SETTLES_AT } } },
      ],
    },
  })
}
