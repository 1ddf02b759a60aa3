import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type CodeBlock, codeBlocks } from './support/markdown.ts'
import { REPOSITORY, textOf } from './support/repository.ts'

/**
 * Every js and ts block of README.md runs on its own, as a reader would paste it into a file, with 'clippy-adagrad' standing
 * for the sources. What it prints is what the text block right after it says; without one it prints nothing. The ts blocks
 * are type-checked as well.
 */
const test = suite('readme')

const LANGUAGES = ['js', 'ts', 'sh', 'text', 'json', 'python']
const readme = textOf('README.md')
const programs = codeBlocks(readme).filter(({ language }) => language === 'js' || language === 'ts')
const runFile = promisify(execFile)
const { resolve } = createRequire(import.meta.url)

// Inside the repository, so that the paths of tsconfig.json and its node_modules count.
const parent = join(REPOSITORY, 'tests/.tmp')
mkdirSync(parent, { recursive: true })
const folder = mkdtempSync(join(parent, 'readme-'))

test.before(() => {
  for (const block of programs) writeFileSync(join(folder, fileOf(block)), codeOf(block))
})

test.after(() => rmSync(folder, { recursive: true, force: true }))

test('every block names a language that is checked here', () => {
  for (const { language, line } of codeBlocks(readme))
    assert.ok(LANGUAGES.includes(language), `line ${line}: ${language}`)
  assert.ok(programs.length > 0)
})

test('every program runs and prints what the README says', async () => {
  const printed = await Promise.all(programs.map(run))
  for (let i = 0; i < programs.length; i++) {
    const { line, output = '' } = programs[i]
    assert.is(printed[i].trimEnd(), output.trimEnd(), `the program of line ${line}`)
  }
})

test('the TypeScript programs compile', async () => {
  const typed = programs.filter(({ language }) => language === 'ts')
  if (typed.length === 0) return
  const config = {
    extends: '../../../tsconfig.json',
    compilerOptions: { noUnusedLocals: false, noUnusedParameters: false },
    include: typed.map(fileOf),
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const args = [resolve('typescript/bin/tsc'), '-p', folder, '--pretty', 'false']
  const output = await runFile(process.execPath, args, { cwd: folder }).then(
    ({ stdout }) => stdout,
    (error: { stdout: string }) => error.stdout,
  )
  // Errors in the sources are for `npm run check` to report.
  assert.equal(
    output.split('\n').filter((line) => line.startsWith('line-')),
    [],
    'the number is the line in README.md',
  )
})

test('links to files lead somewhere', () => {
  for (const [, target] of readme.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)) {
    assert.ok(existsSync(join(REPOSITORY, target)), target)
  }
})

test('it names the scripts that exist, each of them, and no other', () => {
  const { scripts } = JSON.parse(textOf('package.json'))
  const named = [...readme.matchAll(/npm (?:run )?(test\b[\w:]*|(?<=run )[\w:]+)/g)].map(([, name]) => name)
  // npm runs these by itself, before others.
  const isHook = (name: string) => name === 'prepack' || (name.startsWith('pre') && name.slice(3) in scripts)
  const expected = Object.keys(scripts).filter((name) => !isHook(name))
  assert.equal([...new Set(named)].sort(), expected.sort())
})

test('blocks and their outputs are found', () => {
  const blocks = codeBlocks('a\n```js\nx\n```\n\n```text\n1\n2\n```\n- item\n  ```ts\n  y\n  ```\nb\n```text\n3\n```\n')
  assert.equal(blocks, [
    { language: 'js', code: 'x', line: 2, output: '1\n2' },
    { language: 'text', code: '1\n2', line: 6, output: undefined },
    { language: 'ts', code: 'y', line: 11, output: undefined },
    { language: 'text', code: '3', line: 15, output: undefined },
  ])
  assert.throws(() => codeBlocks('```js\nx\n'), /line 1 is never closed/)
})

function isCommonJs({ code }: CodeBlock): boolean {
  return /\brequire\(/.test(code)
}

function fileOf(block: CodeBlock): string {
  return `line-${block.line}.${isCommonJs(block) ? 'cjs' : 'ts'}`
}

function codeOf(block: CodeBlock): string {
  if (!isCommonJs(block)) return block.code
  // tsx follows the paths of tsconfig.json in TypeScript only.
  return block.code.replaceAll("require('clippy-adagrad')", `require('${join(REPOSITORY, 'src/index.ts')}')`)
}

async function run(block: CodeBlock): Promise<string> {
  // In a folder of its own, so that a program may write files.
  const cwd = join(folder, `line-${block.line}`)
  mkdirSync(cwd)
  // uvu sets FORCE_COLOR, which would colour what console.log prints.
  const { FORCE_COLOR: _, ...inherited } = process.env
  const env = { ...inherited, NO_COLOR: '1', TSX_TSCONFIG_PATH: join(REPOSITORY, 'tsconfig.json') }
  const loader = isCommonJs(block) ? ['--require', resolve('tsx/cjs')] : ['--import', import.meta.resolve('tsx')]
  const args = [...loader, join(folder, fileOf(block))]
  try {
    return (await runFile(process.execPath, args, { cwd, env, timeout: 60_000 })).stdout
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    return `${stdout}\n${stderr}`
  }
}

test.run()
