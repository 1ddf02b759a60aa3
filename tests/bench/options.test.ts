import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { HELP, parseOptions, UsageError } from '../../bench/options.ts'

const test = suite('bench: options')

test('options have defaults', () => {
  assert.equal(parseOptions([]), { quick: false, write: false, python: undefined, help: false })
  assert.equal(parseOptions(['--write', '--python', 'venv/bin/python']), {
    quick: false,
    write: true,
    python: 'venv/bin/python',
    help: false,
  })
})

test('mistakes are refused in one line', () => {
  const cases: [string[], RegExp][] = [
    [['--fast'], /^Unknown option '--fast'/],
    [['--python'], /argument missing/],
    [['now'], /Unexpected argument 'now'/],
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
  for (const name of ['--quick', '--write', '--python', '--help']) assert.ok(HELP.includes(name), name)
})

test.run()
