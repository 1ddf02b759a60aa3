import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type CodeBlock, codeBlocks } from '../support/markdown.ts'
import { REPOSITORY, textOf } from '../support/repository.ts'

/**
 * Every js and ts block of README.md and of the guide runs on its own, as a reader would paste it into a file, with 'clippy-adagrad' standing
 * for the sources. What it prints is what the text block right after it says; without one it prints nothing. The ts blocks
 * are type-checked as well.
 */
const test = suite('repository: readme')

interface Program extends CodeBlock {
  readonly file: string
}

const LANGUAGES = ['js', 'ts', 'sh', 'text', 'json', 'python']
const texts = ['README.md', 'guide/keras.md', 'guide/recipes.md'].map((file) => ({ file, text: textOf(file) }))
const blocks = texts.flatMap(({ file, text }) => codeBlocks(text).map((block) => ({ ...block, file })))
const programs = blocks.filter(({ language }) => language === 'js' || language === 'ts')
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
  for (const { file, language, line } of blocks) assert.ok(LANGUAGES.includes(language), `${file}:${line}: ${language}`)
  assert.ok(programs.length > 0)
})

test('every program runs and prints what is below it', async () => {
  const printed = await Promise.all(programs.map(run))
  const found = programs.map(({ file, line }, i) => `${file}:${line}\n${printed[i].trimEnd()}`)
  const expected = programs.map(({ file, line, output = '' }) => `${file}:${line}\n${output.trimEnd()}`)
  assert.equal(found, expected)
})

test('the TypeScript programs compile', async () => {
  const typed = programs.filter(({ language }) => language === 'ts')
  assert.ok(typed.length > 0)
  const config = {
    extends: join(REPOSITORY, 'tsconfig.json'),
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
    output.split('\n').filter((line) => /^(README|guide)/.test(line)),
    [],
    'the number is the line',
  )
})

test('links to files lead somewhere', () => {
  for (const { file, text } of texts) {
    for (const [, target] of text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)) {
      assert.ok(existsSync(join(REPOSITORY, dirname(file), target)), `${file}: ${target}`)
    }
  }
})

test('the texts name the scripts that exist, CONTRIBUTING each of them, and no other', () => {
  const { scripts } = JSON.parse(textOf('package.json'))
  const all = [...texts.map(({ text }) => text), textOf('CONTRIBUTING.md')].join('\n')
  const named = [...all.matchAll(/npm (?:run )?(test\b[\w:]*|(?<=run )[\w:]+)/g)].map(([, name]) => name)
  // npm runs these by itself, before others.
  const isHook = (name: string) => name === 'prepack' || (name.startsWith('pre') && name.slice(3) in scripts)
  const expected = Object.keys(scripts).filter((name) => !isHook(name))
  assert.equal([...new Set(named)].sort(), expected.sort())
})

test('the README is short', () => {
  assert.ok(textOf('README.md').split('\n').length <= 300)
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

function nameOf({ file, line }: Program): string {
  return `${file.replace(/[/.]/g, '-')}-${line}`
}

function fileOf(block: Program): string {
  return `${nameOf(block)}.${isCommonJs(block) ? 'cjs' : 'ts'}`
}

function codeOf(block: CodeBlock): string {
  if (!isCommonJs(block)) return block.code
  // tsx follows the paths of tsconfig.json in TypeScript only.
  return block.code.replaceAll("require('clippy-adagrad')", `require('${join(REPOSITORY, 'src/index.ts')}')`)
}

async function run(block: Program): Promise<string> {
  // In a folder of its own, so that a program may write files.
  const cwd = join(folder, nameOf(block))
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
