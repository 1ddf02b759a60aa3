import type { Run } from '../../launch.ts'

/** What the ranks of train.ts printed at their ends: the fingerprint of each, sorted by rank. */
export function fingerprints({ stdout }: Pick<Run, 'stdout'>): string[] {
  return [...stdout.matchAll(/rank \d+ of \d+ ends with (\w+)/g)]
    .map(([whole, bits]) => [whole, bits])
    .sort()
    .map(([, bits]) => bits)
}

/** What train.ts printed of a step; NaN where it did not. */
export function lossOf({ stdout }: Pick<Run, 'stdout'>, step: number): number {
  return Number(stdout.match(new RegExp(`^step ${step}: loss (\\S+),`, 'm'))?.[1])
}

/** Throws, with all that was printed, unless mpirun ended well. */
export function requireSuccess(run: Run): Run {
  if (run.code !== 0) throw new Error(`mpirun ended with ${run.code}\n${run.stdout}\n${run.stderr}`)
  return run
}
