import { readFileSync } from 'node:fs'
import { deserialize } from 'node:v8'
import type { FloatArray } from 'clippy-adagrad'

interface Saved {
  /** The count that `saveCheckpoint` was given: here, of steps. */
  readonly epoch: number
  readonly weights: readonly FloatArray[]
}

export function readCheckpoint(file: string): Saved {
  return deserialize(readFileSync(file))
}
