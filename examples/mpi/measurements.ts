/** A kind of step, on rank 0. */
export interface Measured {
  /** Bytes handed to collectives in a step. */
  readonly payload: number
  /** The median step, and the median time of a step inside Open MPI, waiting for other ranks included. */
  readonly milliseconds: number
  readonly inMpi: number
  /** Bytes sent in a step over the machine's networks, all headers included. */
  readonly sent: number
}

export interface Measurements {
  readonly demo: Measured
  readonly replicas: Measured
  readonly shards: Measured
}

export const WEIGHTS = 1_048_576
