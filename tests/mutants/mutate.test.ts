import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { mutantsOf } from './mutate.ts'

const test = suite('mutants')

const changesOf = (text: string) => mutantsOf('x.ts', text).map(({ to }) => to)

test('operators, numbers, functions and calls are changed one at a time', () => {
  assert.equal(changesOf('a < b'), ['a <= b'])
  assert.equal(changesOf('a && !b'), ['a || !b', 'a && b'])
  assert.equal(changesOf('x = 2'), ['x = 3', 'x = 1'])
  assert.equal(changesOf('x = 0.5'), ['x = 1'])
  assert.equal(changesOf('x = 0'), ['x = 1', 'x = (-1)'])
  assert.equal(changesOf('x = Math.min(a, b)'), ['x = Math.max(a, b)'])
  assert.equal(changesOf('x = Math.fround(a)'), ['x = (a)'])
  assert.equal(changesOf('check(a)'), [';'])
  assert.equal(changesOf('while (true) {}'), ['if (true) {}', 'while (false) {}'])
})

test('types, imports and strings are not', () => {
  assert.equal(changesOf("import a from 'b'\ninterface C { readonly d: 1 }\nconst e: 1 | 2 = f('3 < 4')"), [])
})

test('a mutant is the whole file with its line, and lines are compared whatever their blanks', () => {
  const [mutant] = mutantsOf('src/x.ts', 'a\n\n  check(\n    b,\n  )\nc\n')
  assert.equal(mutant, { file: 'src/x.ts', line: 3, from: 'check( b, )', to: ';', text: 'a\n\n  ;\nc\n' })
})

test.run()
