import type { Prepared } from './contenders/contender.ts'

/** Steps from one reset to the next: few enough that the values stay what they were. */
const STEPS_PER_RESET = 64
/** Below this, reading the clock after every step would be part of what is timed. */
const SHORT_STEP_NANOSECONDS = 50_000

/** A prepared contender with the number of steps it has taken since its last reset. */
export class Stopwatch {
  readonly #prepared: Prepared
  #sinceReset = 0
  /** Nanoseconds; the first step is taken for a long one. */
  #lastStep = Number.POSITIVE_INFINITY

  constructor(prepared: Prepared) {
    this.#prepared = prepared
  }

  /**
   * Nanoseconds per step, over as many steps as fit into so many milliseconds, and at least one. Resets do not count, nor
   * does the first step, which brings back into the caches what others who ran in between have driven out.
   */
  time(milliseconds: number): number {
    if (this.#sinceReset === STEPS_PER_RESET) this.#reset()
    this.#run(1)
    let steps = 0
    let elapsed = 0
    while (steps === 0 || elapsed < milliseconds * 1e6) {
      if (this.#sinceReset === STEPS_PER_RESET) this.#reset()
      const isShort = this.#lastStep < SHORT_STEP_NANOSECONDS
      const count = isShort ? STEPS_PER_RESET - this.#sinceReset : 1
      const taken = this.#run(count)
      this.#lastStep = taken / count
      elapsed += taken
      steps += count
    }
    return elapsed / steps
  }

  #run(count: number): number {
    const prepared = this.#prepared
    const start = process.hrtime.bigint()
    for (let n = 0; n < count; n++) prepared.step()
    const taken = Number(process.hrtime.bigint() - start)
    this.#sinceReset += count
    return taken
  }

  #reset(): void {
    this.#prepared.reset()
    this.#sinceReset = 0
  }
}
