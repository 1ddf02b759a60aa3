import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { transform } from 'esbuild'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { INSTALLED, installPacked } from './packed.ts'

/** What is published can be loaded by browsers that have ES2022 but for a few parts: one that cannot parse a file loads nothing. */
const test = suite('syntax')

/** The oldest browser that has all of the syntax used. Class static blocks and lookbehind came with Safari 16.4. */
const OLDEST = 'safari15'

for (const file of ['index.js', 'index.cjs', 'testing.js', 'testing.cjs']) {
  test(`Safari 15 can load dist/${file}`, async () => {
    installPacked()
    assert.equal(await tooNewIn(readFileSync(join(INSTALLED, 'dist', file), 'utf8')), [])
  })
}

test('the check sees what is too new, and nothing else', async () => {
  const tooNew = [
    'a.replace(/(?<=b)c/, d)',
    'a.replace(/(?<!b)c/, d)',
    "a.replace(new RegExp('(?<=b)c'), d)",
    'a.replace(/b/v, c)',
    'class A { static { b(A) } }',
    '{ using a = b }',
    '@a class B {}',
  ]
  for (const code of tooNew) assert.is((await tooNewIn(code)).length > 0, true, code)
  const fine = [
    'class A { static a = 1; #b = 2; static #c = 3; #d() { return #b in this } }',
    'a ??= b?.c ** 2n',
    'a.replace(/(?<b>c)(?=d)/u, e) // (?<=f)',
  ]
  for (const code of fine) assert.equal(await tooNewIn(code), [], code)
})

test.run()

/** The lines of code that esbuild has to rewrite for the oldest browser; lookbehind in a string as well. */
async function tooNewIn(code: string): Promise<string[]> {
  const options = { loader: 'js', logLevel: 'silent' } as const
  const { code: asIs } = await transform(code, { ...options, target: 'esnext' })
  const { code: rewritten } = await transform(code, { ...options, target: OLDEST })
  const kept = new Set(rewritten.split('\n'))
  return asIs.split('\n').filter((line) => !kept.has(line) || /\(\?<[=!]/.test(line))
}
