import type { FloatArray, Gradient, ReadyPair } from 'clippy-adagrad'

/** Writes weight · gradient to `sum`, as long as the variable; a sparse gradient's rows exist, and may be repeated. */
export function scaleInto(sum: FloatArray, gradient: Gradient, weight: number): void {
  if (!('indices' in gradient)) {
    for (let i = 0; i < sum.length; i++) sum[i] = weight * gradient[i]
    return
  }
  const { indices, values } = gradient
  const width = values.length / indices.length
  sum.fill(0)
  for (let entry = 0; entry < indices.length; entry++) {
    const start = indices[entry] * width
    for (let i = 0; i < width; i++) sum[start + i] += weight * values[entry * width + i]
  }
}

export function allFinite(values: FloatArray): boolean {
  // A NaN or an infinity times 0 is NaN, and stays it.
  let zero = 0
  for (let i = 0; i < values.length; i++) zero += values[i] * 0
  return zero === 0
}

/** The first value that is not finite, in words; undefined where all are. */
export function nonFiniteIn(pairs: readonly ReadyPair[]): string | undefined {
  for (const [gradient, variable] of pairs) {
    const [name, values] = 'indices' in gradient ? ['gradient.values', gradient.values] : ['gradient', gradient]
    const index = values.findIndex((value) => !Number.isFinite(value))
    if (index >= 0)
      return `variable '${variable.name}': ${name}[${index}] is ${values[index]}; expected a finite number`
  }
  return undefined
}
