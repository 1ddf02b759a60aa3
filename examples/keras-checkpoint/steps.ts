import { readFileSync, writeFileSync } from 'node:fs'
import type { ClippyAdagrad } from 'clippy-adagrad'
import type { Batch, ClickModel } from './model.ts'
import { weightsFile } from './run.ts'

/** A step and where it led: what steps.json has of it, whichever language took it. */
export interface Step {
  /** The count after the step. */
  readonly iterations: number
  /** Before the step. */
  readonly loss: number
  /** Weights and optimizer state by path, the count left out. */
  readonly arrays: Readonly<Record<string, readonly number[]>>
}

/** What lies beside a saved run: the batches, and the steps that its own language took next. */
export interface Steps {
  readonly batches: readonly Batch[]
  readonly steps: readonly Step[]
}

export function readSteps(path: string): Steps {
  return JSON.parse(readFileSync(path, 'utf8'))
}

export function writeSteps(path: string, { batches, steps }: Steps): void {
  writeFileSync(path, JSON.stringify({ batches, steps }))
}

/** Takes a step, on the batch whose turn it is. */
export function takeStep(model: ClickModel, optimizer: ClippyAdagrad, batches: readonly Batch[]): Step {
  const { loss, gradients } = model.lossAndGradients(batches[optimizer.iterations % batches.length])
  const iterations = optimizer.applyGradients(gradients)
  const arrays: Record<string, number[]> = {}
  for (const [path, { values }] of weightsFile({ weights: model.weights, optimizer }).arrays) {
    if (!(values instanceof BigInt64Array)) arrays[path] = [...values]
  }
  return { iterations, loss, arrays }
}

/** The largest difference of a number in two steps, of the larger of 1 and it; Infinity for steps of two kinds. */
export function difference(one: Step, other: Step): number {
  const paths = Object.keys(other.arrays)
  const isSameKind = one.iterations === other.iterations && Object.keys(one.arrays).length === paths.length
  if (!isSameKind) return Number.POSITIVE_INFINITY
  const found = [one.loss, ...paths.flatMap((path) => one.arrays[path] ?? [])]
  const expected = [other.loss, ...paths.flatMap((path) => other.arrays[path])]
  if (found.length !== expected.length) return Number.POSITIVE_INFINITY
  return Math.max(...expected.map((number, i) => Math.abs(found[i] - number) / Math.max(1, Math.abs(number))))
}
