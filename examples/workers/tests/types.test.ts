import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const test = suite('workers: types')

test('every file of this folder has the right types', () => {
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  const { status, stdout } = spawnSync('npm', ['run', '--silent', 'check'], { cwd, encoding: 'utf8' })
  assert.is(status, 0, stdout)
})

test.run()
