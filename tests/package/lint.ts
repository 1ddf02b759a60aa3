import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { REPOSITORY } from '../support/repository.ts'
import { CONSUMER, INSTALLED, installPacked, run } from './packed.ts'

/** What publint and Are The Types Wrong say about the tarball. */
const test = suite('lint')

const ATTW = join(REPOSITORY, 'node_modules/@arethetypeswrong/cli/dist/index.js')

test.before(() => void installPacked())

test('publint has no error, warning or suggestion', async () => {
  assert.equal(await publintOf(installPacked()), [])
})

test('the types resolve to what runs, in every mode of resolution that attw knows', () => {
  assert.equal(attwOf(installPacked(), '.'), [])
})

test('so do those of the testing entry, but for the oldest mode, which knows no entries', () => {
  assert.equal(attwOf(installPacked(), 'testing'), ['NoResolution in node10'])
})

test('both tools see types that do not belong to the code', async () => {
  const folder = join(CONSUMER, 'broken')
  mkdirSync(folder)
  cpSync(INSTALLED, join(folder, 'package'), { recursive: true })
  const file = join(folder, 'package/package.json')
  const manifest = JSON.parse(readFileSync(file, 'utf8'))
  // The usual mistake: the ES module's types for CommonJS too.
  manifest.exports['.'] = { types: './dist/index.d.ts', import: './dist/index.js', require: './dist/index.cjs' }
  writeFileSync(file, JSON.stringify(manifest))
  run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], join(folder, 'package'))
  const tarball = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '')
  assert.match((await publintOf(tarball)).join('\n'), /types is interpreted as ESM when resolving with the "require"/)
  assert.equal(attwOf(tarball, '.'), ['FalseESM'])
})

test.run()

async function publintOf(tarball: string): Promise<(string | undefined)[]> {
  const bytes = Uint8Array.from(readFileSync(tarball))
  const { messages, pkg } = await publint({ pack: { tarball: bytes.buffer }, level: 'suggestion', strict: true })
  return messages.map((message) => formatMessage(message, pkg, { color: false }))
}

/** The problems that attw finds with an entry: of what kind, and in which mode of resolution if in one. */
function attwOf(tarball: string, entry: string): string[] {
  const options = `--entrypoints ${entry} --profile strict --no-definitely-typed --format json`
  // It fails where it finds any, and its answer is on stdout all the same.
  const quiet = `node ${JSON.stringify(ATTW)} "$1" ${options} || true`
  const { problems = {}, analysis } = JSON.parse(run('sh', ['-c', quiet, 'sh', tarball], CONSUMER))
  if (analysis === undefined) throw new Error('attw gave no analysis')
  const found = Object.values<AttwProblem[]>(problems).flat()
  return found.map(({ kind, resolutionKind }) => (resolutionKind === undefined ? kind : `${kind} in ${resolutionKind}`))
}

interface AttwProblem {
  readonly kind: string
  /** Not given where a problem has nothing to do with resolution. */
  readonly resolutionKind?: string
}
