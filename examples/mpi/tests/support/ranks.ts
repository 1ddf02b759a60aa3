import { spawnSync } from 'node:child_process'
import type { Test } from 'uvu'
import { skipByName } from '../../../../tests/package/skipped.ts'

/** Why no ranks can be started here; undefined where they can. */
export const whyNoRanks = await missingPart()

async function missingPart(): Promise<string | undefined> {
  const { stdout } = spawnSync('mpirun', ['--version'], { encoding: 'utf8' })
  if (!stdout?.includes('Open MPI')) return 'Open MPI is not installed: apt-get install openmpi-bin'
  try {
    await import('koffi')
    return undefined
  } catch {
    return 'koffi is not installed: npm ci in examples/mpi'
  }
}

/** A test that starts ranks, or a line that names it and says why it is left out. */
export function testRanks(test: Test, name: string, prove: () => Promise<void>, whyNot = whyNoRanks): void {
  if (whyNot === undefined) test(name, prove)
  else skipByName(test, name, whyNot)
}
