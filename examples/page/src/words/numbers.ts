/** Three digits, without an exponent where that is as short: 0.0358, 1.20e-6; a real minus sign. */
export function short(value: number): string {
  if (value === 0) return '0'
  const size = Math.abs(value)
  if (!(size < Number.POSITIVE_INFINITY)) return 'not finite'
  const text = size < 1e-4 || size >= 1e5 ? value.toExponential(2) : value.toPrecision(3)
  return (size >= 1000 && size < 1e5 ? value.toFixed(0) : text).replaceAll('-', '−')
}

/** A clipping factor: exactly 1 means that nothing was clipped, so nothing else is rounded to it. */
export function factorText(factor: number): string {
  if (factor === 1) return '1'
  return factor > 0.9994 ? '0.999' : short(factor)
}

/** Four digits, like the table in README.md. */
export function areaText(area: number): string {
  return area.toFixed(4)
}

export function whole(count: number): string {
  return count.toLocaleString('en')
}
