import { METHODS } from './training/methods.ts'
import { MODEL_KINDS } from './training/models.ts'
import type { RunSpec } from './training/run.ts'

/** What a sweep trains, in every combination, with every method and model. */
export interface Plan extends Pick<RunSpec, 'epochs' | 'rows'> {
  readonly learningRates: readonly number[]
  readonly seeds: readonly number[]
}

export const FULL_PLAN: Plan = {
  learningRates: [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30],
  seeds: [1, 2, 3],
  epochs: 2,
  rows: 'all',
}

export const QUICK_PLAN: Plan = { learningRates: [0.1, 1], seeds: [1], epochs: 1, rows: 1024 }

/** The runs of a plan, those of the deep model first: they take longest, and none should be left alone at the end. */
export function specsOf({ learningRates, seeds, epochs, rows }: Plan): RunSpec[] {
  return [...MODEL_KINDS]
    .reverse()
    .flatMap((model) =>
      seeds.flatMap((seed) =>
        METHODS.flatMap(({ name: method }) =>
          learningRates.map((learningRate) => ({ model, method, learningRate, seed, epochs, rows })),
        ),
      ),
    )
}
