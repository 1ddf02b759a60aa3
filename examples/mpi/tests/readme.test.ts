import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readSection } from '../readme.ts'
import { costsTable } from '../tables.ts'

const test = suite('readme')
const read = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')

test('the table of costs is the one that is computed', () => {
  assert.is(readSection('costs'), costsTable())
})

test('every excerpt stands in the file that it is said to be from', () => {
  const excerpts = [...read('README.md').matchAll(/```ts\n\/\/ (\S+)\n([^`]+?)```/g)]
  assert.is(excerpts.length, 2)
  for (const [, name, code] of excerpts) {
    const lines = (text: string) =>
      text
        .split('\n')
        .map((line) => line.trim())
        .join('\n')
    assert.ok(lines(read(name)).includes(lines(code)), `${name} no longer has:\n${code}`)
  }
})

test.run()
