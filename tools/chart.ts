import * as vega from 'vega'
import * as vegaLite from 'vega-lite'

/** What all charts have in common; white, so that they can be read on a dark page too. */
export const FRAME = {
  $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
  background: 'white',
  padding: 16,
  config: {
    font: 'Helvetica, Arial, sans-serif',
    axis: { labelFontSize: 11, titleFontSize: 12, titleFontWeight: 'normal', gridColor: '#eee' },
    legend: { labelFontSize: 11, labelLimit: 0, symbolStrokeWidth: 3, symbolType: 'stroke' },
    header: { title: null, labelFontSize: 13, labelFontWeight: 'bold' },
    view: { stroke: '#ccc' },
  },
} as const

/** A title with lines of explanation below it. */
export function titled(text: string, ...subtitle: string[]) {
  const place = { anchor: 'start', offset: 16 } as const
  return { text, subtitle, fontSize: 16, subtitleFontSize: 12, subtitlePadding: 4, ...place }
}

export function toSvg(specification: vegaLite.TopLevelSpec): Promise<string> {
  const { spec } = vegaLite.compile(specification)
  return new vega.View(vega.parse(spec), { renderer: 'none' }).toSVG()
}
