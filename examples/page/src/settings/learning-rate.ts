/** The slider of learning rates: 25 positions for each factor of ten, each a rate of two digits. */
export const SMALLEST_RATE = 0.01
export const LARGEST_RATE = 30
export const LAST_POSITION = 87

const POSITIONS_PER_DECADE = 25

/** Two digits also hide that `**` may differ in its last bit from one engine to the next. */
export function rateAt(position: number): number {
  return Number((SMALLEST_RATE * 10 ** (position / POSITIONS_PER_DECADE)).toPrecision(2))
}

/** The position nearest to a rate, which a link may name to any number of digits. */
export function positionOf(rate: number): number {
  return Math.round(POSITIONS_PER_DECADE * Math.log10(rate / SMALLEST_RATE))
}
