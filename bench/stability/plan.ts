import { CANDIDATES, METHODS } from './methods.ts'
import { MAIN_MODELS, type ModelKind } from './models.ts'
import type { RunSpec } from './run.ts'
import { keyOf } from './run-log.ts'

/** What is trained in every combination. */
export interface Part extends Pick<RunSpec, 'epochs' | 'rows' | 'split'> {
  readonly models: readonly ModelKind[]
  readonly methods: readonly string[]
  readonly learningRates: readonly number[]
  readonly seeds: readonly number[]
}

const ALL: Pick<Part, 'epochs' | 'rows' | 'split'> = { epochs: 2, rows: 'all', split: 'test' }
const RATES = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30]
/** From Adagrad's last good rate to its first bad one. */
const FINE_RATES = [1, 1.5, 2, 3]
const SEEDS = [1, 2, 3]
const MANY_SEEDS = Array.from({ length: 16 }, (_, index) => index + 1)

/** Adagrad, gradient clipping and Clippy: those that the questions about several tasks are about. */
const COMPARED = ['Adagrad', 'Adagrad + GC', 'Clippy (0.1, 0.01)']
const ALONE: readonly ModelKind[] = [
  'shared, income alone',
  'shared, never married alone',
  'experts, income alone',
  'experts, never married alone',
]
const TWICE: readonly ModelKind[] = ['shared, income twice', 'experts, income twice']

/** Never trains, whatever the seed: one is enough. */
const FROZEN = 'Clippy, defaults'
const NAMES = METHODS.map(({ name }) => name).filter((name) => name !== FROZEN)

/** Every optimizer on every model. */
const MAIN: readonly Part[] = [
  { ...ALL, models: MAIN_MODELS, methods: NAMES, learningRates: RATES, seeds: SEEDS },
  { ...ALL, models: MAIN_MODELS, methods: [FROZEN], learningRates: RATES, seeds: SEEDS.slice(0, 1) },
]

/** Before the final runs, on rows of their own and with a seed that these do not have. */
const VALIDATION: Part = {
  ...ALL,
  split: 'validation',
  models: ['demo', 'deep'],
  methods: CANDIDATES.map(({ name }) => name),
  learningRates: [0.03, 0.3, 3, 30],
  seeds: [4],
}

export type Plan = readonly Part[]

export const FULL_PLAN: Plan = [
  VALIDATION,
  ...MAIN,
  // Below 0.1 next to nothing is clipped.
  { ...ALL, models: ALONE, methods: COMPARED, learningRates: RATES.slice(2), seeds: SEEDS },
  // Where the answers are: all models of towers with Adagrad, those of two tasks with what is to prevent the failures.
  {
    ...ALL,
    models: ['shared', 'experts', ...ALONE, ...TWICE],
    methods: ['Adagrad'],
    learningRates: FINE_RATES,
    seeds: MANY_SEEDS,
  },
  { ...ALL, models: ['shared', 'experts'], methods: COMPARED, learningRates: FINE_RATES, seeds: MANY_SEEDS },
]

/** The full plan with few rows, two rates and one seed. */
export function quick(plan: Plan, rows = 1024): Plan {
  return plan.map((part) => ({ ...part, learningRates: [part.learningRates[1], 3], seeds: part.seeds.slice(0, 1), epochs: 1, rows }))
}

/** The runs of a plan, each once, those of the deep model first: they take longest, and none should be left alone at the end. */
export function specsOf(plan: Plan): RunSpec[] {
  const specs = plan.flatMap(({ models, methods, learningRates, seeds, epochs, rows, split }) =>
    models.flatMap((model) =>
      seeds.flatMap((seed) =>
        methods.flatMap((method) =>
          learningRates.map((learningRate) => ({ model, method, learningRate, seed, epochs, rows, split })),
        ),
      ),
    ),
  )
  const once = new Map(specs.map((spec) => [keyOf(spec), spec]))
  return [...once.values()].sort((a, b) => Number(b.model === 'deep') - Number(a.model === 'deep'))
}
