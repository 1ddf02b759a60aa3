import { CANDIDATES, METHODS } from './methods.ts'
import type { ModelKind } from './models.ts'
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
const SEEDS = [1, 2, 3]
const MANY_SEEDS = Array.from({ length: 16 }, (_, index) => index + 1)

const NAMES = METHODS.map(({ name }) => name)
/** Never trains, whatever the seed: one is enough. */
const FROZEN = 'Clippy, defaults'
/** The rivals that the questions about two tasks are about; of the others, one seed is enough there. */
const COMPARED = ['Adagrad', 'Adagrad + GC', 'Clippy (0.5, 0.01)', 'Clippy (0.1, 0.01)']

const TWO_TASK_MODELS: readonly ModelKind[] = ['shared', 'experts']
const ALONE: readonly ModelKind[] = [
  'shared, income alone',
  'shared, never married alone',
  'experts, income alone',
  'experts, never married alone',
]
const TWICE: readonly ModelKind[] = ['shared, income twice', 'experts, income twice']

export interface Plan {
  /** Before the others, on rows of their own and with a seed that these do not have. */
  readonly validation: readonly Part[]
  /** Every optimizer on every model. */
  readonly main: readonly Part[]
  /** Between Adagrad's last good rate and its first bad one. */
  readonly fine: readonly Part[]
}

export const FULL_PLAN: Plan = {
  validation: [
    {
      ...ALL,
      split: 'validation',
      models: ['demo', 'deep'],
      methods: CANDIDATES.map(({ name }) => name),
      learningRates: [0.03, 0.3, 3, 30],
      seeds: [4],
    },
  ],
  main: [
    { ...ALL, models: ['demo'], methods: except(FROZEN), learningRates: RATES, seeds: SEEDS },
    { ...ALL, models: ['demo'], methods: [FROZEN], learningRates: RATES, seeds: [1] },
    { ...ALL, models: ['deep'], methods: NAMES, learningRates: RATES, seeds: SEEDS },
    { ...ALL, models: TWO_TASK_MODELS, methods: COMPARED, learningRates: RATES, seeds: SEEDS },
    { ...ALL, models: TWO_TASK_MODELS, methods: except(...COMPARED), learningRates: RATES, seeds: [1] },
  ],
  fine: [
    { ...ALL, models: TWO_TASK_MODELS, methods: ['Adagrad'], learningRates: [1, 1.5, 2, 3], seeds: MANY_SEEDS },
    // At 1 no seed fails with both tasks, at 3 all do: three seeds show that the others are alike.
    { ...ALL, models: [...ALONE, ...TWICE], methods: ['Adagrad'], learningRates: [1.5, 2], seeds: MANY_SEEDS },
    { ...ALL, models: [...ALONE, ...TWICE], methods: ['Adagrad'], learningRates: [1, 3], seeds: SEEDS },
    {
      ...ALL,
      models: TWO_TASK_MODELS,
      methods: ['Adagrad + GC', 'Clippy (0.1, 0.01)'],
      learningRates: [1.5],
      seeds: MANY_SEEDS,
    },
  ],
}

function except(...names: string[]): string[] {
  return NAMES.filter((name) => !names.includes(name))
}

/** One epoch on a few rows, two learning rates, one seed. */
export function shorten({ validation, main, fine }: Plan, rows = 1024): Plan {
  const short = (parts: readonly Part[], ...learningRates: number[]): Part[] =>
    parts.map((part) => ({ ...part, learningRates, seeds: part.seeds.slice(0, 1), epochs: 1, rows }))
  return {
    validation: short(validation, 0.3, 3),
    main: short(main, 0.1, 1),
    fine: short(fine, 1, 3),
  }
}

/** The runs of a plan, each once, those of the deep model first: they take longest, and none should be left alone at the end. */
export function specsOf({ validation, main, fine }: Plan): RunSpec[] {
  const parts = [...validation, ...main, ...fine]
  const specs = parts.flatMap(({ models, methods, learningRates, seeds, epochs, rows, split }) =>
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
