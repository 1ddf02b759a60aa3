/** How often the summary may speak, in milliseconds: a screen reader must get to the end of it. */
export const QUIET = 6000

/** What the announcer needs of a clock; a test gives its own. */
export interface Clock {
  now(): number
}

/**
 * Decides when a live region gets a new text. What changes all the time is said every few seconds at most; what a user
 * waits for (`urgent`) is said at once.
 */
export class Announcer {
  readonly #say: (text: string) => void
  readonly #clock: Clock
  #last = Number.NEGATIVE_INFINITY

  constructor(say: (text: string) => void, clock: Clock = performance) {
    this.#say = say
    this.#clock = clock
  }

  update(text: () => string): void {
    if (this.#clock.now() - this.#last >= QUIET) this.urgent(text())
  }

  urgent(text: string): void {
    this.#last = this.#clock.now()
    this.#say(text)
  }
}
