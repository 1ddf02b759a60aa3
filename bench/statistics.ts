/** The middle of some repeated timings, and the quartiles around it. */
export interface Summary {
  readonly median: number
  readonly lowerQuartile: number
  readonly upperQuartile: number
}

/** Throws RangeError without values. */
export function summarise(values: readonly number[]): Summary {
  if (values.length === 0) throw new RangeError('there is nothing to summarise')
  const sorted = [...values].sort((a, b) => a - b)
  return { median: quantile(sorted, 0.5), lowerQuartile: quantile(sorted, 0.25), upperQuartile: quantile(sorted, 0.75) }
}

/** Between two neighbours of a sorted list, in proportion. */
function quantile(sorted: readonly number[], share: number): number {
  const position = (sorted.length - 1) * share
  const below = Math.floor(position)
  const above = Math.ceil(position)
  return sorted[below] + (position - below) * (sorted[above] - sorted[below])
}

export function scaled({ median, lowerQuartile, upperQuartile }: Summary, by: number): Summary {
  return { median: median * by, lowerQuartile: lowerQuartile * by, upperQuartile: upperQuartile * by }
}

export interface Point {
  readonly x: number
  readonly y: number
}

/**
 * The power law y = coefficient · x^exponent closest to points with x, y > 0: the line through their logarithms with the
 * least squares. Throws RangeError unless there are two different x.
 */
export function fitPowerLaw(points: readonly Point[]): { exponent: number; coefficient: number } {
  const logarithms = points.map(({ x, y }) => ({ x: Math.log(x), y: Math.log(y) }))
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const centreX = mean(logarithms.map(({ x }) => x))
  const centreY = mean(logarithms.map(({ y }) => y))
  let above = 0
  let below = 0
  for (const { x, y } of logarithms) {
    above += (x - centreX) * (y - centreY)
    below += (x - centreX) ** 2
  }
  if (!(below > 0)) throw new RangeError('a power law needs points at two sizes above 0')
  const exponent = above / below
  return { exponent, coefficient: Math.exp(centreY - exponent * centreX) }
}
