import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { REPOSITORY } from '../support/repository.ts'
import { skipByName } from './skipped.ts'
import { assertSameBits, expectedSmoke, KERNELS, smokeIn } from './smoke.ts'

/** The built package in Node.js 20, 22 and 24, Deno and Bun: the same bits on either kernel. */
const test = suite('runtimes')

const FOLDER = join(REPOSITORY, 'tests/package/runtimes')

/** By the package that holds each, and where in it; all are binaries for Linux on x64. */
const RUNTIMES = [
  { name: 'Node.js 20', holder: 'node-20', binary: 'bin/node', args: [] },
  { name: 'Node.js 22', holder: 'node-22', binary: 'bin/node', args: [] },
  { name: 'Node.js 24', holder: 'node-24', binary: 'bin/node', args: [] },
  {
    name: 'Deno',
    holder: '@deno/linux-x64-glibc',
    binary: 'deno',
    args: ['run', '--allow-read', '--no-config', '--no-remote'],
  },
  { name: 'Bun', holder: '@oven/bun-linux-x64-baseline', binary: 'bin/bun', args: ['run', '--no-install'] },
]

const { optionalDependencies }: { optionalDependencies: Record<string, string> } = readJson(
  join(FOLDER, 'package.json'),
)

installRuntimes()

for (const { name, holder, binary, args } of RUNTIMES) {
  const promise = `${name}: both kernels give the bits that Node.js ${process.version} gives`
  const command = join(FOLDER, 'node_modules', holder, binary)
  if (isInstalled(holder)) {
    test(promise, () => {
      for (const kernel of KERNELS) assertSameBits(smokeIn(command, args, kernel), kernel)
    })
  } else {
    skipByName(test, promise, `${optionalDependencies[holder]} of ${holder} cannot be installed here`)
  }
}

test('the Node.js that runs the tests: both kernels give the same bits', () => {
  for (const kernel of KERNELS) assertSameBits(smokeIn(process.execPath, [], kernel), kernel)
})

test('every runtime that is installed for this is run', () => {
  assert.equal(RUNTIMES.map(({ holder }) => holder).sort(), Object.keys(optionalDependencies).sort())
})

test('the cases reach results, and errors of repeated rows that overflow', () => {
  const results = Object.values(expectedSmoke().results)
  const errors = results.filter((result) => !/^[0-9a-f]{16}$/.test(result))
  assert.ok(results.length > 3000, `${results.length}`)
  assert.ok(errors.length > 0 && errors.length < results.length / 50, `${errors.length}`)
  for (const error of errors) assert.match(error, /^RangeError: the repeated rows/)
  assert.ok(new Set(results).size > results.length / 4, 'the results tell cases apart')
})

test.run()

function installRuntimes(): void {
  if (RUNTIMES.every(({ holder }) => isInstalled(holder))) return
  console.log('Installing the runtimes into tests/package/runtimes/node_modules …')
  try {
    // All are optional: npm leaves out what is not for this machine.
    execFileSync('npm', ['ci', '--prefix', FOLDER, '--no-audit', '--no-fund'], {
      stdio: ['ignore', 'inherit', 'inherit'],
    })
  } catch {
    console.log('npm ci failed: runtimes that are missing are skipped by name.')
  }
}

/** Whether a runtime is there in just the version that package.json names. */
function isInstalled(holder: string): boolean {
  const path = join(FOLDER, 'node_modules', holder, 'package.json')
  return existsSync(path) && optionalDependencies[holder]?.endsWith(readJson(path).version)
}

function readJson(path: string) {
  return JSON.parse(readFileSync(path, 'utf8'))
}
