import type { FloatArray } from 'clippy-adagrad'
import type { Problem } from './problem.ts'
import { type Training, trainOnThreads } from './train-on-threads.ts'

/** Trains on one thread, and then on two; prints a line for each. */
export async function compare(problem: Problem, epochs: number, print: (line: string) => void): Promise<void> {
  for (const threads of [1, 2]) print(await lineOf(threads, await trainOnThreads(problem, threads, epochs)))
}

async function lineOf(threads: number, { seconds, losses, areaUnderCurve, weights }: Training): Promise<string> {
  const list = (numbers: readonly number[], digits: number) => numbers.map((x) => x.toFixed(digits)).join(' ')
  return [
    `${threads} thread${threads === 1 ? '' : 's'}: seconds per epoch ${list(seconds, 2)}`,
    `loss ${list(losses, 4)}`,
    `test AUC ${areaUnderCurve.toFixed(4)}`,
    `weights ${await fingerprint(weights)}`,
  ].join(', ')
}

/** Eight digits that stay the same only where every bit does. */
async function fingerprint(weights: readonly FloatArray[]): Promise<string> {
  // A copy: what is hashed must not lie on shared memory.
  const bytes = Float32Array.from(weights.flatMap((array) => [...array]))
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
