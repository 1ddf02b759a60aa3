import { seededRandom } from '../examples/adult/random.ts'

/** What is stepped: a whole variable, or some rows of a table. */
export type ProblemSpec =
  | { readonly kind: 'dense'; readonly length: number }
  | {
      readonly kind: 'sparse'
      /** Rows that a gradient names; every fourth repeats an earlier one. */
      readonly entries: number
      readonly tableRows: number
      /** Different gradients, which steps take in turn, as no batch of a training names the rows of the one before. */
      readonly batches: number
    }

/** A gradient for some rows of the variable. */
export interface Batch {
  readonly indices: Int32Array
  /** One row after the other. */
  readonly values: Float32Array
}

/** The values that every contender starts from, the same in every process. A dense variable is a single row. */
export interface Problem {
  readonly spec: ProblemSpec
  /** The length of a row. */
  readonly width: number
  readonly variable: Float32Array
  readonly accumulator: Float32Array
  readonly batches: readonly Batch[]
  /** The values of the first batch: the whole gradient of a dense problem. */
  readonly gradient: Float32Array
}

export const ROW_WIDTH = 16
export const INITIAL_ACCUMULATOR = 0.1

/** What a step is told. */
export interface Settings {
  readonly learningRate: number
  readonly variableRelativeThreshold: number
  readonly accumulatorRelativeThreshold: number
  readonly absoluteThreshold: number
  readonly epsilon: number
  readonly clipAccumulatorUpdate?: boolean
  readonly useStandardAccumulatorUpdate?: boolean
  /** Of the Optimizer only. */
  readonly weightDecay?: number
}

/** The defaults, but for a learning rate that makes clipping necessary, as in most steps of a training with Clippy. */
export const SETTINGS: Settings = {
  learningRate: 0.5,
  variableRelativeThreshold: 0.1,
  accumulatorRelativeThreshold: 0,
  absoluteThreshold: 1e-7,
  epsilon: 1e-7,
}

/** Weights between −1 and 1 and gradients between −0.1 and 0.1. */
export function makeProblem(spec: ProblemSpec): Problem {
  const random = seededRandom(1)
  const width = spec.kind === 'dense' ? spec.length : ROW_WIDTH
  const length = spec.kind === 'dense' ? spec.length : spec.tableRows * ROW_WIDTH
  const variable = symmetric(length, 1, random)
  const accumulator = new Float32Array(length).fill(INITIAL_ACCUMULATOR)
  const drawBatch = (): Batch => {
    const indices = spec.kind === 'dense' ? Int32Array.of(0) : drawRows(spec, random)
    return { indices, values: symmetric(indices.length * width, 0.1, random) }
  }
  const batches = Array.from({ length: spec.kind === 'dense' ? 1 : spec.batches }, drawBatch)
  return { spec, width, variable, accumulator, batches, gradient: batches[0].values }
}

/** Numbers between −limit and limit. */
function symmetric(length: number, limit: number, random: () => number): Float32Array {
  const values = new Float32Array(length)
  for (let i = 0; i < length; i++) values[i] = (2 * random() - 1) * limit
  return values
}

function drawRows({ entries, tableRows }: { entries: number; tableRows: number }, random: () => number): Int32Array {
  const indices = new Int32Array(entries)
  for (let k = 0; k < entries; k++) {
    indices[k] = k % 4 === 3 ? indices[Math.floor(random() * k)] : Math.floor(random() * tableRows)
  }
  return indices
}
