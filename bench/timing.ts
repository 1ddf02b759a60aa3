import type { Contender } from './contenders/contender.ts'

/** Steps from one reset to the next: few enough that the values stay what they were. */
const STEPS_PER_RESET = 64
/** Below this, reading the clock after every step would be part of what is timed. */
const SHORT_STEP_NANOSECONDS = 50_000
/** Short steps take a while until the engine has compiled them for good. */
const WARM_UP_MILLISECONDS = 150

export interface Pace {
  readonly rounds: number
  /** Of each contender in each round. */
  readonly milliseconds: number
}

/**
 * Nanoseconds per step of each contender in each round. They take turns, so that what else the machine does hits all
 * alike; another one begins in each round, or everyone would always find what the same neighbour left in the caches.
 */
export function timeInTurns(contenders: readonly Contender[], { rounds, milliseconds }: Pace): number[][] {
  const watches = contenders.map((contender) => new Stopwatch(contender))
  for (const watch of watches) watch.time(Math.max(milliseconds, WARM_UP_MILLISECONDS))
  const times: number[][] = contenders.map(() => [])
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const k = (round + turn) % contenders.length
      times[k].push(watches[k].time(milliseconds))
    }
  }
  for (const { dispose } of contenders) dispose?.()
  return times
}

/** A contender with the number of steps it has taken since its last reset. */
export class Stopwatch {
  readonly #contender: Contender
  #sinceReset = STEPS_PER_RESET

  constructor(contender: Contender) {
    this.#contender = contender
  }

  /**
   * Nanoseconds per step, over as many as fit into so many milliseconds, and at least one. Resets do not count, nor does
   * the first step, which brings back into the caches what others who ran in between have driven out.
   */
  time(milliseconds: number): number {
    this.#run(1)
    let steps = 0
    let elapsed = 0
    let isShort = false
    while (steps === 0 || elapsed < milliseconds * 1e6) {
      const count: number = isShort ? STEPS_PER_RESET - (this.#sinceReset % STEPS_PER_RESET) : 1
      const taken = this.#run(count)
      isShort = taken / count < SHORT_STEP_NANOSECONDS
      steps += count
      elapsed += taken
    }
    return elapsed / steps
  }

  /** Nanoseconds for so many steps, at most as many as are left until the next reset. */
  #run(count: number): number {
    const { step, reset } = this.#contender
    if (this.#sinceReset === STEPS_PER_RESET) {
      reset()
      this.#sinceReset = 0
    }
    const start = process.hrtime.bigint()
    for (let n = 0; n < count; n++) step()
    const taken = Number(process.hrtime.bigint() - start)
    this.#sinceReset += count
    return taken
  }
}
