import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const test = suite('tf.js: README')

const FOLDER = fileURLToPath(new URL('..', import.meta.url))
const readme = readFileSync(`${FOLDER}/README.md`, 'utf8')

/** What the README shows in a fence of this language. */
function shown(language: string): string {
  const found = new RegExp(`\`\`\`${language}\\n(.*?)\`\`\`\\n`, 's').exec(readme)
  assert.ok(found, language)
  return found[1]
}

test('the lines of the README are in the program that npm start runs', () => {
  const lines = shown('ts')
  assert.is(lines.trimEnd().split('\n').length, 5)
  assert.ok(readFileSync(`${FOLDER}/main.ts`, 'utf8').includes(lines))
})

test('npm start prints what the README shows', () => {
  const { status, stdout, stderr } = spawnSync('npm', ['start', '--silent'], { cwd: FOLDER, encoding: 'utf8' })
  assert.is(status, 0, stderr)
  assert.ok(stdout.endsWith(shown('text')), stdout)
})

test('the file that is made to be copied has 150 lines, as the README says', () => {
  const lines = readFileSync(`${FOLDER}/clippy-adagrad-optimizer.ts`, 'utf8').trimEnd().split('\n')
  assert.is(lines.length, 150)
})

test.run()
