import type { Explanation } from 'clippy-adagrad'
import type { Settings } from '../settings/settings.ts'
import type { PerMethod } from './race.ts'

/** What the page tells the worker. */
export type Order =
  | { type: 'start'; run: number; settings: Settings }
  | { type: 'pause' }
  | { type: 'resume' }
  | { type: 'stop' }

/** What the worker tells the page. */
export type Report = Ready | Started | Progress | StateChange | Failure

export interface Ready {
  type: 'ready'
  kernel: 'simd' | 'scalar'
  trainingRows: number
  testRows: number
  vocabularies: readonly (readonly string[])[]
}

export interface Started {
  type: 'started'
  run: number
  batches: number
  batchesPerEpoch: number
}

/** The batches since the last such report. */
export interface Progress {
  type: 'progress'
  /** The number given to `start`: a report of an earlier run may still be under way when the next one begins. */
  run: number
  losses: PerMethod<number[]>
  /** For each batch, the factors of Clippy's variables. */
  factors: (readonly number[])[]
  explanations: readonly Explanation[]
  breakdowns: PerMethod<string | undefined>
  /** Of the epochs that ended. */
  areas: PerMethod<number>[]
}

export interface StateChange {
  type: 'state'
  run: number
  state: 'running' | 'paused' | 'finished'
}

export interface Failure {
  type: 'failure'
  message: string
}
