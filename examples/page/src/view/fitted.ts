import uPlot from 'uplot'

/** A chart as wide as its element, now and after every change of its width. */
export function fittedChart(
  element: HTMLElement,
  height: number,
  options: Omit<uPlot.Options, 'width' | 'height'>,
): uPlot {
  const widthOf = (): number => Math.max(element.clientWidth, 1)
  const chart = new uPlot({ ...options, width: widthOf(), height }, undefined, element)
  new ResizeObserver(() => {
    if (chart.width !== widthOf()) chart.setSize({ width: widthOf(), height })
  }).observe(element)
  return chart
}
