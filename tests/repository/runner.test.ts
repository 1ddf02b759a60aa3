import ts from 'typescript'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { filesBelow, textOf } from '../support/repository.ts'

/**
 * uvu says nothing about a suite without `.run()`, a test marked `only` or `skip`, or a file it does not look for; and to its
 * `assert.throws` a class or a text means any error.
 */
const test = suite('repository: runner')

const sources = filesBelow('tests').filter((path) => /\.[cm]?[jt]sx?$/.test(path))
const testFiles = sources.filter((path) => path.endsWith('.test.ts'))

/** The files that `npm run test:package` runs: what its main file imports. */
const packageMain = textOf('tests/package/main.ts')
const packageFiles = sources.filter((path) =>
  packageMain.includes(`\nimport './${path.slice('tests/package/'.length)}'\n`),
)

/** Those that `npm run test:examples` runs: of the examples that have packages of their own. */
const exampleFiles = ['array-libraries', 'mpi', 'page', 'workers'].flatMap((name) =>
  filesBelow(`examples/${name}/tests`).filter((path) => path.endsWith('.test.ts')),
)

test('this file is among the test files', () => {
  assert.ok(testFiles.includes('tests/repository/runner.test.ts'))
})

test('every suite of every test file is run, once, at its end', () => {
  for (const path of [...testFiles, ...packageFiles, ...exampleFiles]) assert.equal(unrun(textOf(path)), [], path)
})

test('no test is left out', () => {
  for (const path of [...testFiles, ...packageFiles, ...exampleFiles]) assert.equal(leftOut(textOf(path)), [], path)
})

test('assert.throws is told which error it is, by a pattern or a function', () => {
  for (const path of [...sources, ...exampleFiles]) assert.equal(vagueThrows(textOf(path)), [], path)
})

test('every file with a suite is one that `npm test` or `npm run test:package` runs', () => {
  for (const path of sources) {
    const imports = /^import \{.*\} from 'uvu'/m.test(textOf(path))
    if (imports) assert.ok(path.endsWith('.test.ts') || packageFiles.includes(path), path)
    assert.not.match(path, /[._](spec|tests?)\.[cm]?(js|jsx|mts|cts|tsx)$|[._-]spec\.ts$|_test\.ts$/)
  }
})

test('only folders lie at the top of tests, one for each folder of src', () => {
  const folders = (path: string) => [...new Set(filesBelow(path).map((file) => file.split('/')[1]))]
  const top = folders('tests')
  for (const name of top) assert.not.match(name, /\./, name)
  for (const name of folders('src').filter((name) => !name.includes('.'))) assert.ok(top.includes(name), name)
})

test('the checks see what they look for', () => {
  assert.equal(unrun("const a = suite('a')\nconst b = suite('b')\na('x', f)\nb('y', f)\na.run()\n"), ['b: 0 runs'])
  assert.equal(unrun("const a = suite('a')\n// a.run()\n"), ['a: 0 runs'])
  assert.equal(unrun("const a = suite('a')\na.run()\na('later', f)\n"), ['a: tests after run'])
  assert.equal(unrun("import { test } from 'uvu'\ntest('x', f)\n"), ['test: 0 runs'])
  assert.equal(unrun('one(2)\n'), ['no suite'])
  assert.equal(vagueThrows('assert.throws(f, /x/)\nassert.throws(f, isRight)\n'), [])
  const vague = ['assert.throws(f)', 'assert.throws(() => f(1, 2), RangeError)', "assert.throws(f, 'x')"]
  assert.equal(vagueThrows(vague.join('\n')), vague)
  assert.equal(leftOut("const a = suite('a')\na.only('x', f)\na.skip('y', f)\n"), ['a.only', 'a.skip'])
})

/** The names of the suites of a file: its own, in a loop or function too, and uvu's ready-made `test`. */
function suitesOf(text: string): string[] {
  const own = [...text.matchAll(/^[ \t]*(?:export )?const (\w+) = suite(?:<.*>)?\(/gm)].map(([, name]) => name)
  return /^import \{[^}]*\btest\b[^}]*\} from 'uvu'/m.test(text) ? [...own, 'test'] : own
}

/** What is wrong with the `.run()` calls of a file. */
function unrun(text: string): string[] {
  const suites = suitesOf(text)
  if (suites.length === 0) return ['no suite']
  return [...new Set(suites)].flatMap((name) => {
    const made = suites.filter((other) => other === name).length
    const runs = [...text.matchAll(new RegExp(`^[ \\t]*${name}\\.run\\(\\)`, 'gm'))]
    if (runs.length !== made) return [`${name}: ${runs.length} runs`]
    const after = text.slice(runs[made - 1].index)
    return new RegExp(`^[ \\t]*${name}\\(`, 'm').test(after) ? [`${name}: tests after run`] : []
  })
}

function leftOut(text: string): string[] {
  return suitesOf(text).flatMap((name) =>
    [...text.matchAll(new RegExp(`^[ \\t]*(${name}\\.(?:only|skip))\\(`, 'gm'))].map(([, call]) => call),
  )
}

/** Calls of `assert.throws` that any error satisfies. */
function vagueThrows(text: string): string[] {
  if (!text.includes('assert.throws(')) return []
  const found: string[] = []
  const source = ts.createSourceFile('x.ts', text, ts.ScriptTarget.ES2022)
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText(source) === 'assert.throws') {
      const [, expected] = node.arguments
      const isClass = expected !== undefined && /^\w*Error$/.test(expected.getText(source))
      if (expected === undefined || isClass || ts.isStringLiteralLike(expected)) found.push(node.getText(source))
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

test.run()
