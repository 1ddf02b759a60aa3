import { Variable } from 'clippy-adagrad'
import { CATEGORICAL_COLUMNS, NUMERIC_COLUMNS } from '../../../examples/adult/data.ts'
import { BATCH_SIZE } from '../../../examples/adult/experiment.ts'
import { Model } from '../../../examples/adult/model.ts'
import type { Random } from '../../../examples/adult/random.ts'
import { DeepModel } from './deep-model.ts'

export const MODEL_KINDS = ['demo', 'deep'] as const
export type ModelKind = (typeof MODEL_KINDS)[number]

export interface NamedModel {
  readonly model: Pick<Model, 'variables' | 'logits' | 'loss' | 'backward' | 'sparseGradients'>
  /** The model's arrays with names and shapes, in its order. */
  readonly variables: readonly Variable[]
  /** Weights and bias of the layer that gives the logit. */
  readonly finalLayer: readonly Variable[]
}

const EMBEDDING_WIDTH = 8
const HIDDEN: Record<ModelKind, number[]> = { demo: [64, 32], deep: [128, 128, 128, 128] }

export function createModel(kind: ModelKind, categoryCounts: readonly number[], random: Random): NamedModel {
  const hidden = HIDDEN[kind]
  const Class = kind === 'demo' ? Model : DeepModel
  const model = new Class({
    categoryCounts,
    numericCount: NUMERIC_COLUMNS.length,
    embeddingWidth: EMBEDDING_WIDTH,
    hidden,
    batchSize: BATCH_SIZE,
    random,
  })
  const layers = [...(kind === 'deep' ? ['cross'] : []), ...hidden.map((_, index) => `layer ${index + 1}`), 'output']
  const tables = CATEGORICAL_COLUMNS.length
  const variables = model.variables.map((value, index) => {
    if (index < tables) {
      const shape = [value.length / EMBEDDING_WIDTH, EMBEDDING_WIDTH]
      return new Variable(value, { name: CATEGORICAL_COLUMNS[index], shape })
    }
    const [layer, isBias] = [layers[(index - tables) >> 1], (index - tables) % 2 === 1]
    if (isBias) return new Variable(value, { name: `${layer}, bias` })
    const outputs = model.variables[index + 1].length
    return new Variable(value, { name: `${layer}, weights`, shape: [value.length / outputs, outputs] })
  })
  return { model, variables, finalLayer: variables.slice(-2) }
}
