import type { LeftOut } from './contenders/contender.ts'
import type { ProblemSpec } from './problem.ts'

/** What a worker says of a contender it can run. */
export interface ContenderInfo {
  readonly name: string
  readonly formula: 'Clippy' | 'Adagrad'
  readonly sameBits?: string
  readonly isVariant: boolean
}

/** The requests that a worker answers, each with its argument and its answer. */
export interface Actions {
  /** Whom it can run. */
  list: { argument: null; answer: { contenders: ContenderInfo[]; leftOut: readonly LeftOut[] } }
  /** Makes a contender's arrays for a problem and checks its answer; null where it has no way to do such a step. */
  prepare: { argument: { name: string; spec: ProblemSpec }; answer: { digest: string } | null }
  /** Nanoseconds per step of a contender that is prepared for a problem. */
  time: { argument: { name: string; spec: ProblemSpec; milliseconds: number }; answer: number }
  /** Forgets everything that was prepared. */
  release: { argument: null; answer: null }
  /** Bytes per coordinate that a contender's arrays take, and at most during a step: in a worker that has done nothing else. */
  memory: { argument: { name: string; spec: ProblemSpec }; answer: { held: number; peak: number } | null }
  /** Bytes of garbage that a step of a prepared contender leaves on the JavaScript heap. */
  garbage: { argument: { name: string; spec: ProblemSpec }; answer: number }
}

export type Action = keyof Actions

export interface Request<Name extends Action = Action> {
  readonly action: Name
  readonly argument: Actions[Name]['argument']
}

export type Reply = { readonly answer: unknown } | { readonly error: string }
