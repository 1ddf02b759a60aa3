import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { HELP, parseOptions } from '../../bench/options.ts'
import { IN_NODE } from '../../bench/parts/index.ts'
import { UsageError } from '../../tools/usage-error.ts'

const test = suite('bench: options')

test('options have defaults', () => {
  assert.equal(parseOptions([]), { only: [], quick: false, write: false, python: undefined, help: false })
  assert.equal(parseOptions(['--write', '--only', 'dense,sparse']), {
    only: ['dense', 'sparse'],
    quick: false,
    write: true,
    python: undefined,
    help: false,
  })
  assert.is(parseOptions(['--python', 'venv/bin/python']).python, 'venv/bin/python')
})

test('every part can be run alone', () => {
  for (const { name } of IN_NODE) assert.equal(parseOptions(['--only', name]).only, [name])
})

test('mistakes are refused in one line', () => {
  const cases: [string[], RegExp][] = [
    [['--fast'], /^Unknown option '--fast'/],
    [['--python'], /argument missing/],
    [['now'], /Unexpected argument 'now'/],
    [['--only', 'dens'], /^there is no part 'dens'; expected some of dense, sparse/],
    [['--only', 'dense', '--python', 'python3'], /leave out --only/],
    [['--quick', '--write'], /too rough/],
  ]
  for (const [commandLine, expected] of cases) {
    assert.throws(
      () => parseOptions(commandLine),
      (error: unknown) => error instanceof UsageError && expected.test(error.message) && !error.message.includes('\n'),
    )
  }
})

test('the help names every option', () => {
  for (const name of ['--only', '--quick', '--write', '--python', '--help']) assert.ok(HELP.includes(name), name)
})

test.run()
