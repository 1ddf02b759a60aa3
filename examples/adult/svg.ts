import * as vega from 'vega'
import * as vegaLite from 'vega-lite'
import { CURVE_CAPTION, cutOff, LOSS_CEILING, lossCurve } from './curve.ts'
import { type Experiment, formatRate, METHODS, type Method } from './experiment.ts'

const PANEL_WIDTH = 230
const PANEL_HEIGHT = 220
/** More would not be visible, only make the file larger. */
const MAXIMUM_POINTS = 1000
const COLOR = {
  field: 'method',
  type: 'nominal' as const,
  scale: { domain: [...METHODS], range: ['#d1495b', '#1f6f8b'] },
  legend: null,
}

/** The training losses as an SVG: a panel for each learning rate, a line for each optimizer. */
export function drawSvg(experiments: readonly Experiment[]): Promise<string> {
  const compiled = vegaLite.compile(specification(experiments))
  return new vega.View(vega.parse(compiled.spec), { renderer: 'none' }).toSVG()
}

function specification(experiments: readonly Experiment[]): vegaLite.TopLevelSpec {
  const x = { field: 'batch', type: 'quantitative' as const, title: 'batch' }
  const y = {
    field: 'loss',
    type: 'quantitative' as const,
    title: 'training loss',
    scale: { domain: [0, LOSS_CEILING] },
  }
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    background: 'white',
    padding: 16,
    title: {
      text: 'Adagrad and ClippyAdagrad at growing learning rates',
      subtitle: [describeTasks(experiments[0]), `Bold: ${CURVE_CAPTION}; faint: single batches`],
      anchor: 'start',
      fontSize: 16,
      subtitleFontSize: 12,
      subtitlePadding: 4,
      offset: 16,
    },
    data: { values: experiments.flatMap(points) },
    facet: {
      column: {
        field: 'rate',
        type: 'ordinal',
        sort: experiments.map(({ learningRate }) => formatRate(learningRate)),
        header: {
          title: null,
          labelExpr: "'learning rate ' + datum.value",
          labelFontSize: 13,
          labelFontWeight: 'bold',
        },
      },
    },
    bounds: 'flush',
    spacing: 28,
    spec: {
      width: PANEL_WIDTH,
      height: PANEL_HEIGHT,
      layer: [
        {
          mark: { type: 'line', strokeWidth: 1, opacity: 0.25 },
          encoding: { x, y, color: COLOR },
        },
        {
          mark: { type: 'line', strokeWidth: 2.5 },
          encoding: { x, y: { ...y, field: 'smoothed' }, color: COLOR },
        },
        ...METHODS.map(label),
      ],
    },
    config: {
      font: 'Helvetica, Arial, sans-serif',
      axis: { labelFontSize: 11, titleFontSize: 12, titleFontWeight: 'normal', gridColor: '#eee', tickCount: 5 },
      view: { stroke: '#ccc' },
    },
  }
}

/** One optimizer's name and result in its colour, in the empty corner below the lines: this is the legend too. */
function label(method: Method, index: number) {
  return {
    transform: [{ filter: `datum.batch === 1 && datum.method === '${method}'` }],
    mark: { type: 'text' as const, align: 'left' as const, fontSize: 12, fontWeight: 'bold' as const },
    encoding: {
      x: { value: 8 },
      y: { value: PANEL_HEIGHT - 14 - 16 * (METHODS.length - 1 - index) },
      text: { field: 'result' },
      color: COLOR,
    },
  }
}

function describeTasks({ scores }: Experiment): string {
  if (scores.length === 1) return 'Training loss of the census income model'
  const names = scores.map(({ task }) => task).join(' and ')
  return `Training loss of a census model of two tasks, their mean; test AUC of ${names}`
}

function points({ method, learningRate, losses, scores }: Experiment) {
  const rate = formatRate(learningRate)
  const areas = scores.map(({ areaUnderCurve }) => areaUnderCurve.toFixed(3))
  // Two numbers leave no room for the word.
  const result = `${method}: ${areas.length === 1 ? 'test AUC' : 'AUC'} ${areas.join(', ')}`
  const curve = lossCurve(losses)
  const stride = Math.ceil(losses.length / MAXIMUM_POINTS)
  return losses
    .map((loss, index) => ({ method, rate, result, batch: index + 1, loss: cutOff(loss), smoothed: curve[index] }))
    .filter((_, index) => index % stride === 0)
}
