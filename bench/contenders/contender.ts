/** One way of taking the steps of a problem, with arrays of its own. */
export interface Contender {
  readonly name: string
  step(): void
  /** Back to the first values, so that arrays neither drift nor settle while they are timed. */
  reset(): void
  /** The variable, and the accumulator where it can be read. */
  read(): { readonly variable: ArrayLike<number>; readonly accumulator?: ArrayLike<number> }
  dispose?(): void
}

/** Something that would be timed if it were there. */
export interface LeftOut {
  readonly name: string
  readonly why: string
}
