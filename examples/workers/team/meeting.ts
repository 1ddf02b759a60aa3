/** Turns that a thread looks for the others before it goes to sleep: waking up takes longer than most waits. */
const SPINS = 20_000

/** The memory behind a `Meeting`, to be given to each thread. */
export interface MeetingPlace {
  /** Two rows of a number for each thread: the rounds use them in turns. */
  readonly numbers: Float64Array
  /** How many threads have arrived in this round, and the number of rounds that are done. */
  readonly counters: Int32Array
}

export function meetingPlace(threads: number): MeetingPlace {
  return {
    numbers: new Float64Array(new SharedArrayBuffer(2 * threads * Float64Array.BYTES_PER_ELEMENT)),
    counters: new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT)),
  }
}

const ARRIVED = 0
const ROUND = 1

/** One thread's end of a meeting of all threads, which blocks each of them until all have come. */
export class Meeting {
  readonly #place: MeetingPlace
  readonly #rank: number

  constructor(place: MeetingPlace, rank: number) {
    this.#place = place
    this.#rank = rank
  }

  /** Each says a number and learns the smallest: what MPI calls an all-reduce. NaN where anyone said NaN. */
  smallest(number: number): number {
    const { numbers, counters } = this.#place
    const threads = numbers.length / 2
    const round = Atomics.load(counters, ROUND)
    // Nobody begins the round after next before all have read this one, so two rows are enough.
    const row = (round % 2) * threads
    numbers[row + this.#rank] = number
    if (Atomics.add(counters, ARRIVED, 1) === threads - 1) {
      Atomics.store(counters, ARRIVED, 0)
      Atomics.store(counters, ROUND, round + 1)
      Atomics.notify(counters, ROUND)
    } else {
      for (let n = 0; n < SPINS && Atomics.load(counters, ROUND) === round; n++);
      Atomics.wait(counters, ROUND, round)
    }
    let smallest = number
    for (let k = row; k < row + threads; k++) smallest = Math.min(smallest, numbers[k])
    return smallest
  }

  /** What a thread wrote before it, all can read after it. */
  wait(): void {
    this.smallest(0)
  }
}
