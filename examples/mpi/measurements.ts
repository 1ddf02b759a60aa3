/** What other work on the machine does to a step shows in the distance between the two. */
export interface Spread {
  readonly fastest: number
  readonly median: number
}

/** A kind of step, on rank 0. */
export interface Measured {
  /** Bytes handed to sums, minima and broadcasts in a step, and those sent to other ranks by exchanges. */
  readonly payload: number
  readonly exchanged: number
  /** Of a step, and of its part inside Open MPI, waiting for other ranks included. */
  readonly milliseconds: Spread
  readonly inMpi: Spread
  /** Bytes sent in a step over the machine's networks, all headers included. */
  readonly overNetwork: number
}

export interface Measurements {
  /** The demo's model with its large tables, one variable that every rank has whole, and one of which each has a part. */
  readonly mixed: Measured
  readonly whole: Measured
  readonly shards: Measured
}

export const WEIGHTS = 1_048_576
