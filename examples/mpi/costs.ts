/** Bytes of a float32: of a variable's element, of its accumulator's, of its gradient's. */
const FLOAT = 4
/** MPI_Allreduce of one clipping factor, a double. */
const FACTOR = 8

export interface Costs {
  /** On each rank: its part of variables, accumulators and gradients. */
  readonly memory: number
  /** What each rank sends in a step, and receives. */
  readonly traffic: number
}

export const SPLITS = ['data-parallel', 'data-parallel, state in shards', 'sharded'] as const
export type Split = (typeof SPLITS)[number]

/**
 * What a rank of `ranks` has to hold and to send for so many parameters in so many variables. Activations are the model's
 * own, and not counted; nor is what an optimizer or MPI sets aside for a while.
 */
export function costsOf(split: Split, parameters: number, ranks: number, variables = 1): Costs {
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
  }
}

/** What each rank sends when a ring of ranks sums an array of so many bytes: every part goes round all but twice. */
export function ringAllreduce(bytes: number, ranks: number): number {
  return (2 * (ranks - 1) * bytes) / ranks
}
