import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Test } from 'uvu'
import { skipByName } from '../../../../tests/package/skipped.ts'

/** An Open MPI that programs are started with. */
export interface Installation {
  readonly name: string
  readonly mpirun: string
  /** Why no ranks can be started with it here; undefined where they can. */
  readonly whyNot: string | undefined
}

const ON_PATH = await installation('mpirun', 'Open MPI is not installed: apt-get install openmpi-bin')
/** Where `npm run open-mpi-5` puts it. */
const OF_5 = await installation(
  fileURLToPath(new URL('../../node_modules/.open-mpi-5/bin/mpirun', import.meta.url)),
  'Open MPI 5 is not installed: npm run open-mpi-5 in examples/mpi',
)

/** That of the PATH, 4 on Debian, and 5. */
export const INSTALLATIONS: readonly Installation[] = [ON_PATH, OF_5]
export const whyNoRanks = ON_PATH.whyNot

async function installation(mpirun: string, missing: string): Promise<Installation> {
  const { stdout } = spawnSync(mpirun, ['--version'], { encoding: 'utf8' })
  const version = stdout?.match(/Open MPI\) (\S+)/)?.[1]
  const whyNot = version === undefined ? missing : await whyNoKoffi()
  return { name: `Open MPI ${version ?? '5'}`, mpirun, whyNot }
}

async function whyNoKoffi(): Promise<string | undefined> {
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
