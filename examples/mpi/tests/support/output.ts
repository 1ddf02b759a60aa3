import type { Run } from '../../launch.ts'

/** What the ranks of train-replicas.ts printed at their ends: the fingerprint of each, sorted by rank. */
export function fingerprints({ stdout }: Pick<Run, 'stdout'>): string[] {
  return [...stdout.matchAll(/rank \d+ of \d+ ends with (\w+)/g)]
    .map(([whole, bits]) => [whole, bits])
    .sort()
    .map(([, bits]) => bits)
}

/** Throws, with all that was printed, unless mpirun ended well. */
export function requireSuccess(run: Run): Run {
  if (run.code !== 0) throw new Error(`mpirun ended with ${run.code}\n${run.stdout}\n${run.stderr}`)
  return run
}
