import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const test = suite('skipped')
const HERE = fileURLToPath(new URL('..', import.meta.url))

test('without Open MPI each test that needs it is left out by name, and the rest pass', () => {
  const runner = ['--import', 'tsx', '../../node_modules/uvu/bin.js', 'tests', '(shards|two-machines)\\.test\\.ts$']
  const env = { ...process.env, PATH: '/nowhere' }
  const { status, stdout } = spawnSync(process.execPath, runner, { cwd: HERE, env, encoding: 'utf8' })
  assert.is(status, 0, stdout)
  const names = [...stdout.matchAll(/^skipped: (.+) \(Open MPI is not installed: apt-get install openmpi-bin\)$/gm)]
  assert.is(names.length, 4, stdout)
  assert.match(stripVTControlCharacters(stdout), /Skipped:\s+4/)
})

test.run()
