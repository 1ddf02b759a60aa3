import { ONE_TASK } from '../../../adult/columns.ts'

/** The demo's model as the words on the page need it: the same sizes as trainer.ts gives it. */
const EMBEDDING_WIDTH = 8
const { categorical: CATEGORICAL, numeric: NUMERIC } = ONE_TASK
const LAYERS = [
  { name: 'layer 1', inputs: CATEGORICAL.length * EMBEDDING_WIDTH + NUMERIC.length, outputs: 64 },
  { name: 'layer 2', inputs: 64, outputs: 32 },
  { name: 'output', inputs: 32, outputs: 1 },
]

/** A variable of the model, in words. */
export interface NamedVariable {
  readonly name: string
  readonly shape: string
  /** What the number at this index of its flat array is. */
  coordinate(index: number): string
}

/** The variables in the model's order: the embedding tables, then weights and bias of each layer. */
export function nameVariables(vocabularies: readonly (readonly string[])[]): NamedVariable[] {
  const tables = CATEGORICAL.map((column, position) => table(column, vocabularies[position]))
  return [...tables, ...LAYERS.flatMap((_, layer) => [weights(layer), bias(layer)])]
}

function table(column: string, names: readonly string[]): NamedVariable {
  return {
    name: column,
    shape: `table, ${names.length + 1} × ${EMBEDDING_WIDTH}`,
    coordinate: (index) => {
      const row = Math.floor(index / EMBEDDING_WIDTH)
      // Row 0 is for categories that the training rows do not have.
      const category = row === 0 ? 'unknown' : names[row - 1] === '?' ? 'not stated' : names[row - 1]
      return `${column} “${category}”, number ${(index % EMBEDDING_WIDTH) + 1} of ${EMBEDDING_WIDTH}`
    },
  }
}

function weights(layer: number): NamedVariable {
  const { name, inputs, outputs } = LAYERS[layer]
  return {
    name: `${name} weights`,
    shape: `${inputs} × ${outputs}`,
    coordinate: (index) =>
      `the weight from ${inputOf(layer, Math.floor(index / outputs))} to ${unitOf(layer, index % outputs)}`,
  }
}

function bias(layer: number): NamedVariable {
  const { name, outputs } = LAYERS[layer]
  return {
    name: `${name} bias`,
    shape: outputs === 1 ? '1 value' : `${outputs} values`,
    coordinate: (index) => `the bias of ${unitOf(layer, index)}`,
  }
}

function unitOf(layer: number, unit: number): string {
  const { name, outputs } = LAYERS[layer]
  return outputs === 1 ? `the ${name}` : `unit ${unit + 1} of ${name}`
}

/** The first layer sees the embeddings, then the numbers. */
function inputOf(layer: number, input: number): string {
  if (layer > 0) return unitOf(layer - 1, input)
  const column = Math.floor(input / EMBEDDING_WIDTH)
  if (column < CATEGORICAL.length) return `${CATEGORICAL[column]} (number ${(input % EMBEDDING_WIDTH) + 1})`
  return NUMERIC[input - CATEGORICAL.length * EMBEDDING_WIDTH]
}
