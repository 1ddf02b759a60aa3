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
