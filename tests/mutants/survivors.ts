/** A mutant that no test can tell from the code, and why. */
export interface Survivor {
  readonly file: string
  /** The line or lines in question, blanks counted as one. */
  readonly from: string
  /** What each of them may become. */
  readonly to: readonly string[]
  readonly reason: string
}

/** By text and not by line number, so that a change elsewhere in a file leaves them as they are. */
export const SURVIVORS: readonly Survivor[] = []
