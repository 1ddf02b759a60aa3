/** Bytes of a float32: of a variable's element, of its accumulator's, of its gradient's; and of an int32. */
const FLOAT = 4
const ROW_NUMBER = 4
/** MPI_Allreduce of one clipping factor, a double. */
const FACTOR = 8

export interface Costs {
  /** On each rank: its part of variables, accumulators and gradients. */
  readonly memory: number
  /** What each rank sends in a step, and receives. */
  readonly traffic: number
}

export const SPLITS = ['data-parallel', 'data-parallel, state in shards', 'sharded', 'mixed'] as const
export type Split = (typeof SPLITS)[number]

/** A model of large tables under small layers: so many parameters in its layers, the rest in tables. */
export interface MixedModel {
  readonly layers: number
  /** Numbers in a row of a table. */
  readonly width: number
  /** Rows of tables that a batch, of all ranks together, names; at the worst each once. */
  readonly rows: number
}

/** What is usual for recommenders: batches of 65,536 examples with 26 features each, in rows of 64 numbers. */
export const RECOMMENDER: MixedModel = { layers: 1e7, width: 64, rows: 65_536 * 26 }

/**
 * What a rank of `ranks` has to hold and to send for so many parameters in so many variables. Activations are the model's
 * own, and not counted; nor is what an optimizer or MPI sets aside for a while.
 */
export function costsOf(split: Split, parameters: number, ranks: number, variables = 1, mixed = RECOMMENDER): Costs {
  const whole = parameters * FLOAT
  const part = whole / ranks
  const factors = ringAllreduce(FACTOR, ranks) * variables
  switch (split) {
    case 'data-parallel':
      return { memory: 3 * whole, traffic: ringAllreduce(whole, ranks) }
    case 'data-parallel, state in shards':
      // Gradients are reduced to the rank whose shard they are of, new weights gathered from there: the two halves of a ring.
      return { memory: 2 * whole + part, traffic: ringAllreduce(whole, ranks) + factors }
    case 'sharded':
      return { memory: 3 * part, traffic: factors }
    case 'mixed': {
      const { layers, width, rows } = mixed
      const ofLayers = layers * FLOAT
      const ofTables = (whole - ofLayers) / ranks
      // Rows that a rank has fetched for its part of the batch; their gradients, and those that it is sent for its own rows.
      const ofRows = (3 * rows * width * FLOAT) / ranks
      return {
        memory: 3 * ofLayers + 2 * ofTables + ofRows,
        traffic: ringAllreduce(ofLayers, ranks) + exchanged(mixed, ranks) + factors,
      }
    }
  }
}

/** What each rank sends when a ring of ranks sums an array of so many bytes: every part goes round all but twice. */
export function ringAllreduce(bytes: number, ranks: number): number {
  return (2 * (ranks - 1) * bytes) / ranks
}

/**
 * What each rank sends for tables whose rows are spread over the ranks: of the rows that it needs, all but its own have
 * their numbers sent there, and their gradients later; as many of its rows go to others.
 */
export function exchanged({ rows, width }: Pick<MixedModel, 'rows' | 'width'>, ranks: number): number {
  const ofOthers = ((rows / ranks) * (ranks - 1)) / ranks
  return ofOthers * (ROW_NUMBER + 2 * width * FLOAT)
}
