import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { OPTIONAL, pathIn, testWith } from './installed.ts'
import { assertSameBits, expectedSmoke, KERNELS, MISSING, smokeIn } from './smoke.ts'

/** The built package in Node.js 20, 22 and 24, Deno and Bun: the same bits on either kernel. */
const test = suite('runtimes')

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

/** What hosts.ts and browsers.ts run. */
const OTHERS = ['@cloudflare/workerd-linux-64', 'jest', 'ses', 'vite']

for (const { name, holder, binary, args } of RUNTIMES) {
  testWith(test, holder, `${name}: both kernels give the bits that Node.js ${process.version} gives`, () => {
    for (const kernel of KERNELS) assertSameBits(smokeIn(pathIn(holder, binary), args, MISSING[kernel]), kernel)
  })
}

test('the Node.js that runs the tests: both kernels give the same bits', () => {
  for (const kernel of KERNELS) assertSameBits(smokeIn(process.execPath, [], MISSING[kernel]), kernel)
})

test('the same bits without WebAssembly, atob, structuredClone and FinalizationRegistry', () => {
  const missing = ['WebAssembly', 'atob', 'structuredClone', 'FinalizationRegistry']
  assertSameBits(smokeIn(process.execPath, [], missing), 'scalar')
})

test('without FinalizationRegistry and structuredClone alone, the SIMD kernel serves; without atob it does not', () => {
  assertSameBits(smokeIn(process.execPath, [], ['FinalizationRegistry', 'structuredClone']), 'simd')
  assertSameBits(smokeIn(process.execPath, [], ['atob']), 'scalar')
})

test('every runtime that is installed for this is run', () => {
  const run = [...RUNTIMES.map(({ holder }) => holder), ...OTHERS]
  assert.equal(run.sort(), Object.keys(OPTIONAL).sort())
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
