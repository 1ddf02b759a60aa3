/** Turns that a thread looks for the others before it goes to sleep: waking up takes longer than most waits. */
const SPINS = 20_000

/** The memory behind a `Meeting`, to be given to each thread. */
export interface MeetingPlace {
  /** Two rows of a number for each thread: the rounds use them in turns. */
  readonly numbers: Float64Array
  /** How many threads have arrived in this round, the number of rounds that are done, and whether a thread has left. */
  readonly counters: Int32Array
}

export function meetingPlace(threads: number): MeetingPlace {
  return {
    numbers: new Float64Array(new SharedArrayBuffer(2 * threads * Float64Array.BYTES_PER_ELEMENT)),
    counters: new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT)),
  }
}

const ARRIVED = 0
const ROUND = 1
const LEFT = 2

/** How long a thread sleeps before it looks whether another one has left. */
const NAP_MILLISECONDS = 100

export const LEFT_ALONE = 'another thread has left in the middle of a command'

/** Called by the main thread between two commands: whoever left in the last one is back. */
export function reopen({ counters }: MeetingPlace): void {
  Atomics.store(counters, LEFT, 0)
}

/** Whether threads were left waiting. Then they have not seen the same rounds, and cannot meet any more. */
export function isBroken({ counters }: MeetingPlace): boolean {
  return Atomics.load(counters, ARRIVED) > 0
}

/** One thread's end of a meeting of all threads, which blocks each of them until all have come. */
export class Meeting {
  readonly #place: MeetingPlace
  readonly #rank: number

  constructor(place: MeetingPlace, rank: number) {
    this.#place = place
    this.#rank = rank
  }

  /**
   * Each says a number and learns the smallest: what MPI calls an all-reduce. NaN where anyone said NaN. Throws where a
   * thread has left that would have to come.
   */
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
      while (Atomics.load(counters, ROUND) === round) {
        // Asked again behind it: whoever leaves after a round has been to it.
        if (Atomics.load(counters, LEFT) === 1 && Atomics.load(counters, ROUND) === round) throw new Error(LEFT_ALONE)
        Atomics.wait(counters, ROUND, round, NAP_MILLISECONDS)
      }
    }
    let smallest = number
    for (let k = row; k < row + threads; k++) smallest = Math.min(smallest, numbers[k])
    return smallest
  }

  /** What a thread wrote before it, all can read after it. */
  wait(): void {
    this.smallest(0)
  }

  /** Says that this thread will not come until the next command. */
  leave(): void {
    Atomics.store(this.#place.counters, LEFT, 1)
  }
}
