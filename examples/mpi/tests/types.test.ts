import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { testRanks } from './support/ranks.ts'

const test = suite('types')

testRanks(test, 'the compiler accepts every file of the example', async () => {
  const { status, stdout } = spawnSync('npm', ['run', '--silent', 'check'], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    encoding: 'utf8',
  })
  assert.is(status, 0, stdout)
})

test.run()
