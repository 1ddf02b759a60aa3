/** Turns that a thread looks for the others before it goes to sleep: waking up takes longer than most waits. */
const SPINS = 2000

/** The memory behind a `SmallestOfAll`, to be given to each thread. */
export interface SharedFactors {
  /** Two rows of a factor for each thread: the rounds use them in turns. */
  readonly factors: Float64Array
  /** How many threads have arrived in this round, and the number of rounds that are done. */
  readonly counters: Int32Array
}

export function sharedFactors(threads: number): SharedFactors {
  return {
    factors: new Float64Array(new SharedArrayBuffer(2 * threads * Float64Array.BYTES_PER_ELEMENT)),
    counters: new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT)),
  }
}

const ARRIVED = 0
const ROUND = 1

/**
 * One thread's end of a meeting of all threads, at which each says a number and learns the smallest: what MPI calls an
 * all-reduce. NaN where anyone said NaN.
 */
export class SmallestOfAll {
  readonly #shared: SharedFactors
  readonly #rank: number

  constructor(shared: SharedFactors, rank: number) {
    this.#shared = shared
    this.#rank = rank
  }

  /** Blocks the thread until all have called it. */
  of(factor: number): number {
    const { factors, counters } = this.#shared
    const threads = factors.length / 2
    const round = Atomics.load(counters, ROUND)
    // Nobody begins the round after next before all have read this one, so two rows are enough.
    const row = (round % 2) * threads
    factors[row + this.#rank] = factor
    if (Atomics.add(counters, ARRIVED, 1) === threads - 1) {
      Atomics.store(counters, ARRIVED, 0)
      Atomics.store(counters, ROUND, round + 1)
      Atomics.notify(counters, ROUND)
    } else {
      for (let n = 0; n < SPINS && Atomics.load(counters, ROUND) === round; n++);
      Atomics.wait(counters, ROUND, round)
    }
    return Math.min(...factors.subarray(row, row + threads))
  }
}
