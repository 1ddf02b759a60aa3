import type { FloatArray, Gradient, ReadyPair } from 'clippy-adagrad'

/** Adds weight · gradient to `sum`, as long as the variable; a sparse gradient, whose rows exist, to the rows that it names. */
export function addScaled(gradient: Gradient, weight: number, sum: FloatArray): void {
  // A dense gradient is a single row of all values.
  const { indices, values } = 'indices' in gradient ? gradient : { indices: [0], values: gradient }
  const width = values.length / indices.length
  for (let entry = 0; entry < indices.length; entry++) {
    const start = indices[entry] * width
    for (let i = 0; i < width; i++) sum[start + i] += weight * values[entry * width + i]
  }
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
