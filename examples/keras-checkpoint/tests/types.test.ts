import { spawnSync } from 'node:child_process'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { FOLDER } from './support.ts'

const test = suite('keras checkpoint: types')

test('every file of this folder has the right types', () => {
  const { status, stdout } = spawnSync('npm', ['run', '--silent', 'check'], { cwd: FOLDER, encoding: 'utf8' })
  assert.is(status, 0, stdout)
})

test.run()
