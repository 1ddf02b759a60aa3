import type { Problem, Settings } from '../problem.ts'

/** One way of taking the step. */
export interface Contender {
  readonly name: string
  /** Adagrad moves further than Clippy, so the two are never held against each other. */
  readonly formula: 'Clippy' | 'Adagrad'
  readonly settings: Settings
  /** Contenders of one group have to give the same bits. */
  readonly sameBits?: string
  /** Shown beside the main table, to compare with the contender of the same group there. */
  readonly isVariant?: boolean
  /** Called before any use of it when another contender ran in between. */
  activate?(): Promise<void>
  /** Takes the problem's values into arrays of its own; undefined where it has no way to do such a step. */
  prepare(problem: Problem): Prepared | undefined
}

/** A contender with its arrays, ready to step. */
export interface Prepared {
  step(): void
  /** Back to the first values, so that arrays neither drift nor settle while they are timed. */
  reset(): void
  /** The variable, and the accumulator where it can be read. */
  read(): { readonly variable: ArrayLike<number>; readonly accumulator: ArrayLike<number> | undefined }
  dispose?(): void
}

/** Something that would be timed if it were there. */
export interface LeftOut {
  readonly name: string
  readonly why: string
}
