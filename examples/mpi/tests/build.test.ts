import { appendFileSync, cpSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { launch } from '../launch.ts'
import { temporaryFolder } from './support/folder.ts'
import { testRanks } from './support/ranks.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const PROGRAM = 'tests/ranks/stops.ts'

const test = suite('build')

/** A checkout of its own, as another host has; with the packages of this one. */
function copyOfCheckout(): string {
  const folder = temporaryFolder()
  for (const part of ['package.json', 'package-lock.json', 'tsconfig.json', 'src']) copy(part)
  for (const name of ['adult', 'checkpoint', 'mpi']) copy(`examples/${name}`)
  for (const packages of ['node_modules', 'examples/mpi/node_modules'])
    symlinkSync(join(ROOT, packages), join(folder, packages))
  return folder

  function copy(part: string): void {
    cpSync(join(ROOT, part), join(folder, part), { recursive: true, filter: (path) => !path.endsWith('node_modules') })
  }
}

/** Rank 0 runs in this checkout, rank 1 in another. */
function startWith(other: string) {
  const here = [process.execPath, '--import', 'tsx', PROGRAM, 'all']
  return launch(1, PROGRAM, ['all'], { machines: [...here, ':', '-n', '1', '-wdir', join(other, 'examples/mpi')] })
}

testRanks(test, 'hosts that run the same build begin', async () => {
  const { stderr } = await startWith(copyOfCheckout())
  assert.match(stderr, 'rank 0 of 2 stops: no further')
})

for (const file of ['src/index.ts', 'examples/adult/data/adult.data.gz', 'package-lock.json']) {
  testRanks(test, `a host on which ${file} is another stops all ranks before they begin, and is named`, async () => {
    const other = copyOfCheckout()
    appendFileSync(join(other, file), '\n')
    const { code, stderr } = await startWith(other)
    assert.is(code, 1)
    for (const rank of [0, 1]) {
      assert.match(
        stderr,
        new RegExp(`rank ${rank} of 2 stops: rank 1: host \\S+ runs Node.js .* files \\w+; rank 0 runs`),
      )
    }
  })
}

test.run()
