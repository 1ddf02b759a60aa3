/** What other work on the machine does to a step shows in the distance between the two. */
export interface Spread {
  readonly fastest: number
  readonly median: number
}

/** A kind of step, on rank 0. */
export interface Measured {
  /** Bytes handed to collectives in a step. */
  readonly payload: number
  /** Of a step, and of its part inside Open MPI, waiting for other ranks included. */
  readonly milliseconds: Spread
  readonly inMpi: Spread
  /** Bytes sent in a step over the machine's networks, all headers included. */
  readonly sent: number
}

export interface Measurements {
  readonly demo: Measured
  readonly replicas: Measured
  readonly shards: Measured
}

export const WEIGHTS = 1_048_576
