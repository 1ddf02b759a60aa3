import { Variable } from 'clippy-adagrad'
import { type Columns, ONE_TASK, TWO_TASKS } from '../../examples/adult/columns.ts'
import type { Model } from '../../examples/adult/model.ts'
import { deepModel } from '../../examples/adult/models/deep.ts'
import type { ModelOptions } from '../../examples/adult/models/options.ts'
import { plainModel } from '../../examples/adult/models/plain.ts'
import { mixtureOfExperts, sharedBottom, type TowerOptions } from '../../examples/adult/models/two-tasks.ts'

interface Kind {
  readonly columns: Columns
  /** The number of the label that each logit learns. */
  readonly labels: readonly number[]
  readonly make: (options: ModelOptions) => Model
}

/** What each tower learns, by the number of the label; undefined leaves a tower out. */
function towers(make: (options: TowerOptions) => Model, ...labels: (number | undefined)[]): Kind {
  return {
    columns: TWO_TASKS,
    labels: labels.filter((label) => label !== undefined),
    make: (options) => make({ ...options, towers: labels }),
  }
}

const KINDS = {
  demo: { columns: ONE_TASK, labels: [0], make: plainModel },
  deep: { columns: ONE_TASK, labels: [0], make: deepModel },
  shared: towers(sharedBottom, 0, 1),
  experts: towers(mixtureOfExperts, 0, 1),
  'shared, income alone': towers(sharedBottom, 0, undefined),
  'shared, never married alone': towers(sharedBottom, undefined, 1),
  'shared, income twice': towers(sharedBottom, 0, 0),
  'experts, income alone': towers(mixtureOfExperts, 0, undefined),
  'experts, never married alone': towers(mixtureOfExperts, undefined, 1),
  'experts, income twice': towers(mixtureOfExperts, 0, 0),
} satisfies Record<string, Kind>

export type ModelKind = keyof typeof KINDS

/** The models that the tables and charts of all optimizers show; the others are there for comparison with the last two. */
export const MAIN_MODELS = ['demo', 'deep', 'shared', 'experts'] as const satisfies readonly ModelKind[]

export function columnsOf(kind: ModelKind): Columns {
  return KINDS[kind].columns
}

/** The names of the tasks of a model, in the order of its logits. */
export function tasksOf(kind: ModelKind): string[] {
  const { columns, labels } = KINDS[kind]
  return labels.map((label) => columns.tasks[label].name)
}

export interface NamedModel {
  readonly model: Model
  /** The model's arrays with names and shapes, in its order. */
  readonly variables: readonly Variable[]
  /** Weights and bias of each layer that gives a logit. */
  readonly finalLayer: readonly Variable[]
}

export function createModel(kind: ModelKind, categoryCounts: readonly number[], random: () => number): NamedModel {
  const { columns, make } = KINDS[kind]
  const model = make({ categoryCounts, numericCount: columns.numeric.length, random })
  const tables = columns.categorical.map((name, index) => {
    const value = model.variables[index]
    return new Variable(value, { name, shape: [categoryCounts[index], value.length / categoryCounts[index]] })
  })
  const others = model.parameters.map(({ name, shape, value }) => new Variable(value, { name, shape: [...shape] }))
  return {
    model,
    variables: [...tables, ...others],
    finalLayer: others.filter(({ name }) => /output, \w+$/.test(name)),
  }
}
