import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { REPOSITORY } from '../support/repository.ts'
import { smokeCases } from './cases.ts'
import { CONSUMER, INSTALLED, installPacked, run } from './packed.ts'

export type Kernel = 'simd' | 'scalar'

/** What smoke.mjs gives. */
export interface Smoke {
  readonly kernel: Kernel
  readonly results: Readonly<Record<string, string>>
}

export const KERNELS: readonly Kernel[] = ['simd', 'scalar']

/** The globals without which a runtime runs on each kernel. */
export const MISSING: Readonly<Record<Kernel, readonly string[]>> = { simd: [], scalar: ['WebAssembly'] }

/** The built ES module, as a user has it. */
export const LIBRARY = join(INSTALLED, 'dist/index.js')

let cases: string | undefined

/** The file of the cases, in the consumer's folder; made at the first call. */
export function casesFile(): string {
  installPacked()
  if (cases === undefined) {
    cases = join(CONSUMER, 'cases.json')
    writeFileSync(cases, JSON.stringify(smokeCases()))
  }
  return cases
}

/** Runs smoke-main.mjs in a runtime that takes a script and its arguments after `args`, without some of its globals. */
export function smokeIn(command: string, args: readonly string[], missing: readonly string[]): Smoke {
  const script = join(REPOSITORY, 'tests/package/smoke-main.mjs')
  // No runtime asks its maker for news.
  const env = { DENO_NO_UPDATE_CHECK: '1', DO_NOT_TRACK: '1' }
  return JSON.parse(run(command, [...args, script, LIBRARY, casesFile(), ...missing], CONSUMER, env))
}

let expected: Smoke | undefined

/** The results of the Node.js that runs the tests, on the scalar kernel, with which all others are compared. */
export function expectedSmoke(): Smoke {
  expected ??= smokeIn(process.execPath, [], MISSING.scalar)
  return expected
}

/** Throws unless it ran on this kernel and every result has the expected bits. */
export function assertSameBits(actual: Smoke, kernel: Kernel): void {
  assert.is(actual.kernel, kernel)
  const { results } = expectedSmoke()
  assert.equal(Object.keys(actual.results), Object.keys(results))
  const different = Object.keys(results).filter((name) => actual.results[name] !== results[name])
  assert.equal(different.slice(0, 20), [], `${different.length} results differ from Node.js ${process.version}`)
}
