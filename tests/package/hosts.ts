import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import { REPOSITORY } from '../support/repository.ts'
import { pathIn, testWith } from './installed.ts'
import { CONSUMER, run, writeConsumerJson } from './packed.ts'
import { assertSameBits, casesFile, expectedSmoke, LIBRARY, type Smoke } from './smoke.ts'

/** The built package inside programs that run other people's code by rules of their own: the same bits as in Node.js. */
const test = suite('hosts')

const WORKERD = '@cloudflare/workerd-linux-64'
const HERE = join(REPOSITORY, 'tests/package')

test.before(() => void expectedSmoke())

testWith(test, WORKERD, 'workerd, which forbids compiling WebAssembly: the scalar kernel gives the same bits', () => {
  const folder = folderOf('workerd', ['smoke.mjs', 'smoke-worker.mjs', 'smoke-worker.capnp'])
  cpSync(LIBRARY, join(folder, 'index.js'))
  cpSync(casesFile(), join(folder, 'cases.json'))
  assertSameBits(JSON.parse(run(pathIn(WORKERD, 'bin/workerd'), ['test', 'smoke-worker.capnp'], folder)), 'scalar')
})

testWith(test, 'ses', 'after lockdown of SES: the SIMD kernel gives the same bits', () => {
  assertSameBits(smokeUnderSes('lockdown'), 'simd')
})

testWith(test, 'ses', 'in a compartment of SES, with the two array classes and nothing else: the same bits', () => {
  assertSameBits(smokeUnderSes('compartment'), 'scalar')
})

testWith(test, 'jest', "Jest: the same bits, on arrays of the test's realm and on those of another", () => {
  const folder = folderOf('jest', ['smoke-jest.cjs'])
  // Jest does not load ES modules.
  writeFileSync(join(folder, 'smoke.cjs'), `${smokeScript()}\nmodule.exports = { smoke }\n`)
  writeConsumerJson('jest/package.json', { private: true, type: 'commonjs' })
  writeConsumerJson('jest/jest.config.json', {
    testEnvironment: 'node',
    testMatch: ['**/smoke-jest.cjs'],
    transform: {},
  })
  const results = join(folder, 'results.json')
  const args = [
    pathIn('jest', 'bin/jest.js'),
    '--watchman=false',
    '--runInBand',
    '--cacheDirectory',
    join(folder, 'cache'),
  ]
  run(process.execPath, args, folder, { CASES: casesFile(), RESULTS: results })
  const { own, other }: { own: Smoke; other: Smoke } = JSON.parse(readFileSync(results, 'utf8'))
  assertSameBits(own, 'simd')
  assertSameBits(other, 'simd')
})

test.run()

/** A folder of the consumer with files of this one. */
function folderOf(name: string, files: readonly string[]): string {
  const folder = join(CONSUMER, name)
  mkdirSync(folder)
  for (const file of files) cpSync(join(HERE, file), join(folder, file))
  return folder
}

/** smoke.mjs without its export, as a script. */
function smokeScript(): string {
  return readFileSync(join(HERE, 'smoke.mjs'), 'utf8').replace('export function', 'function')
}

function smokeUnderSes(where: 'lockdown' | 'compartment'): Smoke {
  const given = [pathIn('ses', 'index.js'), LIBRARY, LIBRARY.replace(/js$/, 'cjs'), casesFile(), where]
  return JSON.parse(run(process.execPath, [join(HERE, 'smoke-ses.mjs'), ...given], CONSUMER))
}
