import type { Allocation, FloatArray } from 'clippy-adagrad'

const CACHE_LINE_FLOATS = 16

/** How many numbers the variables of a model take, one after the other, each from a whole cache line on. */
export function lengthOf(variables: readonly FloatArray[]): number {
  return variables.reduce((sum, { length }) => sum + roundedUp(length), 0)
}

/** The place of each variable in an array of all of them. */
export function placesIn(all: FloatArray, variables: readonly FloatArray[]): FloatArray[] {
  let from = 0
  return variables.map(({ length }) => {
    const place = all.subarray(from, from + length)
    from += roundedUp(length)
    return place
  })
}

/** The three arrays of each variable. */
export function allocationsIn(all: Allocation, variables: readonly FloatArray[]): Allocation[] {
  const accumulators = placesIn(all.accumulator, variables)
  const gradients = placesIn(all.gradient, variables)
  return placesIn(all.variable, variables).map((variable, k) => {
    return { variable, accumulator: accumulators[k], gradient: gradients[k] }
  })
}

function roundedUp(length: number): number {
  return Math.ceil(length / CACHE_LINE_FLOATS) * CACHE_LINE_FLOATS
}
