import type { FloatArray } from 'clippy-adagrad'
import type { Batch, Problem } from '../problem.ts'
import type { Contender } from './contender.ts'

/** What a step works on. */
export interface Arrays<V extends FloatArray = FloatArray> {
  readonly variable: V
  readonly accumulator: V
}

/** A contender that works in place on arrays which hold the problem's first values, a batch after the other. */
export function onArrays<G>(
  name: string,
  problem: Problem,
  { variable, accumulator }: Arrays,
  gradients: readonly G[],
  takeStep: (gradient: G) => void,
): Contender {
  let next = 0
  const [only] = gradients
  return {
    name,
    step:
      gradients.length === 1
        ? () => takeStep(only)
        : () => {
            takeStep(gradients[next])
            next = (next + 1) % gradients.length
          },
    reset() {
      next = 0
      for (const batch of problem.batches) {
        copyRows(batch, problem.width, problem.variable, variable)
        copyRows(batch, problem.width, problem.accumulator, accumulator)
      }
    },
    read: () => ({ variable, accumulator }),
  }
}

/** In a loop: making a view for each row would take longer. */
function copyRows({ indices }: Batch, width: number, from: Float32Array, to: FloatArray): void {
  for (const row of indices) for (let i = row * width; i < (row + 1) * width; i++) to[i] = from[i]
}

/** Arrays of one precision with the problem's first values. */
export function ordinary<V extends FloatArray>(
  { variable, accumulator }: Problem,
  precision: new (values: Float32Array) => V,
): Arrays<V> {
  return { variable: new precision(variable), accumulator: new precision(accumulator) }
}

/** The problem's gradients in one precision, as `step` takes them. */
export function gradientsOf<V extends FloatArray>(
  { spec, batches }: Problem,
  precision: new (values: Float32Array) => V,
): (V | { indices: Int32Array; values: V })[] {
  return batches.map(({ indices, values }) => {
    const own = new precision(values)
    return spec.kind === 'dense' ? own : { indices: indices.slice(), values: own }
  })
}
