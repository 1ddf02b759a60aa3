import * as vega from 'vega'
import * as vegaLite from 'vega-lite'
import { isOurs } from './contenders/names.ts'
import { type ProblemSpec, sizeOf } from './problem.ts'
import type { Results } from './results.ts'

/** Time against size, both logarithmic, as an SVG: dense gradients on the left, sparse ones on the right. */
export function drawSvg(results: Results): Promise<string> {
  const compiled = vegaLite.compile(specification(results))
  return new vega.View(vega.parse(compiled.spec), { renderer: 'none' }).toSVG()
}

const OWN_COLORS = ['#9ecae1', '#4292c6', '#08306b', '#41ab5d', '#00441b']
const OTHER_COLORS = ['#525252', '#bdbdbd', '#e6550d', '#fdae6b', '#756bb1', '#bcbddc', '#c51b8a', '#fa9fb5']
const PYTHON_COLORS = ['#a50f15', '#ef3b2c', '#fc9272', '#7f6000', '#bf9000', '#ffd966', '#665191']

function specification(results: Results): vegaLite.TopLevelSpec {
  const names = results.participants.filter(({ isVariant }) => !isVariant).map(({ name }) => name)
  const points = (
    kind: ProblemSpec['kind'],
    size: (spec: ProblemSpec) => number,
    unit: (spec: ProblemSpec) => number,
  ) =>
    results.timings
      .filter(({ contender, spec }) => names.includes(contender) && spec.kind === kind)
      .map(({ contender, spec, nanoseconds }) => {
        return { contender, size: size(spec), time: nanoseconds.median / unit(spec), ours: isOurs(contender) }
      })
  const entries = (spec: ProblemSpec) => (spec.kind === 'sparse' ? spec.entries : 0)
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    background: 'white',
    padding: 16,
    title: {
      text: 'Time of a step',
      subtitle: ['Bold: this package. Both axes are logarithmic.', results.machine],
      anchor: 'start',
      fontSize: 16,
      subtitleFontSize: 12,
      subtitlePadding: 4,
      offset: 16,
    },
    hconcat: [
      panel(points('dense', sizeOf, sizeOf), 'elements of a dense gradient', 'ns per element', names, results),
      panel(
        points('sparse', entries, () => 1000),
        'entries of a sparse gradient',
        'µs per step',
        names,
        results,
      ),
    ],
    spacing: 32,
    config: {
      font: 'Helvetica, Arial, sans-serif',
      axis: { labelFontSize: 11, titleFontSize: 12, titleFontWeight: 'normal', gridColor: '#eee' },
      legend: { labelFontSize: 11, labelLimit: 320, symbolStrokeWidth: 3, symbolType: 'stroke' },
      view: { stroke: '#ccc' },
    },
  }
}

function panel(values: object[], xTitle: string, yTitle: string, names: readonly string[], results: Results) {
  const logarithmic = { type: 'log' as const, nice: false }
  return {
    width: 380,
    height: 400,
    data: { values: values as Record<string, unknown>[] },
    mark: { type: 'line' as const, point: { size: 20 } },
    encoding: {
      x: {
        field: 'size',
        type: 'quantitative' as const,
        title: xTitle,
        scale: logarithmic,
        axis: {
          format: ',',
          values: [16, 256, 4096, 65_536, 1_048_576, 8_388_608],
          labelAngle: -30,
          labelOverlap: false,
        },
      },
      y: {
        field: 'time',
        type: 'quantitative' as const,
        title: yTitle,
        scale: logarithmic,
        axis: { format: ',', tickCount: 6 },
      },
      color: {
        field: 'contender',
        type: 'nominal' as const,
        title: null,
        scale: { domain: [...names], range: colors(results, names) },
      },
      strokeWidth: { condition: { test: 'datum.ours', value: 3 }, value: 1.25 },
    },
  }
}

/** Blues and greens for this package, warm colours for Python, the rest in between. */
function colors({ participants }: Results, names: readonly string[]): string[] {
  const used = [0, 0, 0]
  return names.map((name) => {
    const isPython = participants.some((other) => other.name === name && other.language === 'Python')
    const group = isOurs(name) ? 0 : isPython ? 2 : 1
    const palette = [OWN_COLORS, OTHER_COLORS, PYTHON_COLORS][group]
    return palette[used[group]++ % palette.length]
  })
}
