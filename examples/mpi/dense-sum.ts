import type { FloatArray, Gradient, ReadyPair, Variable } from 'clippy-adagrad'

/** Adds weight · gradient to `sum`, an array as long as the variable; a sparse gradient to the rows that it names. */
export function addScaled(gradient: Gradient, weight: number, variable: Variable, sum: FloatArray): void {
  // A dense gradient is a single row of all values.
  const { indices, values } = 'indices' in gradient ? gradient : { indices: [0], values: gradient }
  const width = values.length / indices.length
  for (let entry = 0; entry < indices.length; entry++) {
    const start = indices[entry] * width
    // A typed array would ignore what is written beyond it.
    if (!(Number.isInteger(start) && start >= 0 && start + width <= sum.length)) {
      throw new RangeError(`variable '${variable.name}': gradient.indices[${entry}] is ${indices[entry]}; no such row`)
    }
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
