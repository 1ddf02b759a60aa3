import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { REPOSITORY } from '../support/repository.ts'

/** How `.ci/run` counts, with a stand-in for npm that prints what a test says and installs nothing. */
const test = suite('repository: ci')

/** What uvu prints at the end of a run. */
const summary = (total: number, passed: number, skipped: number) =>
  `  Total:     ${total}\n  Passed:    ${passed}\n  Skipped:   ${skipped}\n  Duration:  1.00ms\n`

/** `.ci/run` with this output of test:package and one passed test of test:examples, and a status for every other command. */
function ci(packageTests: string, status = 0): { lines: string[]; status: number | null } {
  const folder = mkdtempSync(join(tmpdir(), 'clippy-adagrad-ci-'))
  try {
    mkdirSync(join(folder, '.ci'))
    copyFileSync(join(REPOSITORY, '.ci/run'), join(folder, '.ci/run'))
    writeFileSync(join(folder, 'test'), summary(5, 5, 0))
    writeFileSync(join(folder, 'test:package'), packageTests)
    writeFileSync(join(folder, 'test:examples'), summary(1, 1, 0))
    mkdirSync(join(folder, 'bin'))
    const npm = `case "$*" in test) cat test;; "run test:package") cat test:package;; "run test:examples") cat test:examples;; *) exit ${status};; esac`
    for (const [name, script] of [
      ['npm', npm],
      ['chromium', ''],
      ['firefox-esr', ''],
      ['mpirun', ''],
      ['ip', ''],
    ]) {
      writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${script}\n`)
      chmodSync(join(folder, 'bin', name), 0o755)
    }
    const env = { ...process.env, PATH: `${join(folder, 'bin')}${delimiter}${process.env.PATH}` }
    const result = spawnSync('bash', [join(folder, '.ci/run')], { encoding: 'utf8', env, timeout: 60_000 })
    return { lines: result.stdout.trimEnd().split('\n'), status: result.status }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** npm ci, check, build, size, docs and test:fuzz. */
const COMMANDS = 6
/** Tests of `npm test` and of test:examples. */
const OTHERS = 5 + 1

test('it counts the tests of uvu, and one for each other command', () => {
  const { lines, status } = ci(summary(4, 4, 0))
  assert.is(lines.at(-1), `${OTHERS + 4 + COMMANDS} passed, 0 failed`)
  assert.is(status, 0)
})

test('a test that is skipped by name does not fail it, and its name stands at the end', () => {
  const { lines, status } = ci(`skipped: Deno: runs (not here)\n${summary(3, 3, 1)}`)
  assert.equal(lines.slice(-2), ['skipped: Deno: runs (not here)', `${OTHERS + 3 + COMMANDS} passed, 0 failed`])
  assert.is(status, 0)
})

test('a test that is skipped without a name fails it', () => {
  const { lines, status } = ci(`skipped: Deno: runs (not here)\n${summary(2, 2, 2)}`)
  assert.is(lines.at(-1), `${OTHERS + 2 + COMMANDS} passed, 1 failed`)
  assert.is(status, 1)
})

test('a test that fails is not hidden by one that is skipped by name', () => {
  const { lines, status } = ci(`skipped: Deno: runs (not here)\n${summary(3, 2, 1)}`)
  assert.is(lines.at(-1), `${OTHERS + 2 + COMMANDS} passed, 1 failed`)
  assert.is(status, 1)
})

test('no tests at all fail it', () => {
  assert.is(ci('').lines.at(-1), `${OTHERS + COMMANDS} passed, 1 failed`)
})

test('a command that fails is counted', () => {
  const { lines, status } = ci(summary(4, 4, 0), 1)
  assert.is(lines.at(-1), `${OTHERS + 4} passed, ${COMMANDS} failed`)
  assert.is(status, 1)
})

test.run()
