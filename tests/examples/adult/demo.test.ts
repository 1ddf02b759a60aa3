import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Columns, ONE_TASK, TWO_TASKS } from '../../../examples/adult/columns.ts'
import { DataError } from '../../../examples/adult/data.ts'
import { runDemo } from '../../../examples/adult/demo.ts'
import { loadCsv } from '../../../examples/adult/load.ts'
import { parseOptions, UsageError } from '../../../examples/adult/options.ts'

const test = suite('adult: demo')

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const RICH = '52, Private, 287927, HS-grad, 9, Married, Exec, Wife, White, Female, 15024, 0, 40, Cuba, >50K\n'
const POOR = '39, ?, 77516, Bachelors, 13, Never-married, ?, Unmarried, White, Male, 0, 0, 38, ?, <=50K\n'

let folder = ''
test.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'clippy-adult-'))
})
test.after(() => {
  rmSync(folder, { recursive: true })
})

function write(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

interface Outcome {
  code: number | string | null | undefined
  stdout: string
  stderr: string
}

/** Runs the demo's command line as a user does. */
function runCommand(...commandLine: string[]): Promise<Outcome> {
  const command = ['--import', 'tsx', join('examples', 'adult', 'main.ts'), ...commandLine]
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: ROOT }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : error.code, stdout, stderr })
    })
  })
}

/** The message of the error that an action throws, which must be of the given kind. */
function messageOf(kind: typeof UsageError | typeof DataError, action: () => unknown): string {
  try {
    action()
  } catch (error) {
    assert.instance(error, kind)
    return (error as Error).message
  }
  throw new Error('nothing was thrown')
}

test('a bad file, column, number or option gives one line and exit code 2', async () => {
  const cases: [string[], RegExp][] = [
    [['--csv', join(folder, 'missing.csv')], /^cannot read the file: ENOENT.*missing\.csv/],
    [['--csv', write('column.csv', '1, 2, 3\n')], /column\.csv, line 1: 3 columns, expected 15/],
    [['--csv', write('number.csv', RICH + POOR.replace('39', 'x'))], /number\.csv, line 2: age is "x"/],
    [['--epochs', 'two'], /^--epochs: expected a whole number from 1 on, received "two"/],
    [['--rate', '3'], /^Unknown option '--rate'/],
  ]
  const outcomes = await Promise.all(cases.map(([commandLine]) => runCommand(...commandLine)))
  outcomes.forEach(({ code, stdout, stderr }, index) => {
    assert.is(code, 2)
    assert.is(stdout, '')
    assert.match(stderr, cases[index][1])
    assert.match(stderr, /^[^\n]+\n$/)
  })
})

test('--help explains every option and ends well', async () => {
  const { code, stdout, stderr } = await runCommand('--help')
  assert.is(code, 0)
  assert.is(stderr, '')
  for (const text of ['--lr', '--epochs', '--tasks', '--csv', '--help', 'third']) assert.ok(stdout.includes(text), text)
})

test('options have defaults, and lists of numbers are read', () => {
  assert.equal(parseOptions([]), { learningRates: [0.3, 1, 3, 10], epochs: 2, tasks: 1, help: false })
  assert.equal(parseOptions(['--lr', '1e-3, 5', '--epochs=3', '--tasks', '2', '--csv', 'my.csv']), {
    learningRates: [0.001, 5],
    epochs: 3,
    tasks: 2,
    csv: 'my.csv',
    help: false,
  })
})

test('bad options are refused in one line that says what came', () => {
  const cases: [string[], RegExp][] = [
    [['--lr', '1,fast'], /^--lr: "fast" is no learning rate/],
    [['--lr', '1,,2'], /^--lr: "" is/],
    [['--lr', '0'], /^--lr: "0" is/],
    [['--lr=-1'], /^--lr: "-1" is/],
    [['--lr', 'Infinity'], /^--lr: "Infinity" is/],
    [['--lr', '1,3,1.0'], /^--lr: 1 is given twice/],
    [['--lr', '-1'], /ambiguous/],
    [['--lr'], /argument missing/],
    [['--epochs', '0'], /received "0"/],
    [['--epochs', '1.5'], /received "1.5"/],
    [['--epochs', ''], /received ""/],
    [['--tasks', '3'], /^--tasks: expected 1 or 2, received "3"/],
    [['--tasks', ''], /received ""/],
    [['3'], /Unexpected argument '3'/],
  ]
  for (const [commandLine, expected] of cases) {
    const message = messageOf(UsageError, () => parseOptions(commandLine))
    assert.match(message, expected)
    assert.not.match(message, '\n')
  }
})

test('a file in which training or test rows lack a label is refused', () => {
  assert.match(
    messageOf(DataError, () => loadCsv(write('poor.csv', POOR.repeat(50)))),
    /poor\.csv: too few rows/,
  )
  assert.match(
    messageOf(DataError, () => loadCsv(write('two.csv', RICH + POOR))),
    /two\.csv: too few rows/,
  )
  // Either the training or the test rows have the only rich person.
  assert.match(
    messageOf(DataError, () => loadCsv(write('one.csv', RICH + POOR.repeat(50)))),
    /one\.csv: too few rows/,
  )
  // Enough for the first task only: nobody has married.
  const single = write('single.csv', (RICH.replace('Married', 'Never-married') + POOR).repeat(50))
  assert.is(loadCsv(single).training.length, 67)
  assert.match(
    messageOf(DataError, () => loadCsv(single, TWO_TASKS)),
    /single\.csv: too few rows; .* either marital-status$/,
  )
})

test('a directory is refused like any file that cannot be read', () => {
  assert.match(
    messageOf(DataError, () => loadCsv(folder)),
    /^cannot read the file: EISDIR/,
  )
})

/** What the demo prints, and the chart that it writes. */
async function run(columns: Columns): Promise<{ output: string; svg: string; svgPath: string }> {
  const rows = loadCsv(write('good.csv', (RICH + POOR).repeat(300)), columns)
  assert.is(rows.training.length, 400)
  assert.is(rows.test.length, 200)
  const svgPath = join(folder, 'new', 'chart.svg')

  const printed: string[] = []
  const { log } = console
  console.log = (line: string) => printed.push(line)
  try {
    await runDemo({ columns, rows, learningRates: [0.5, 2], epochs: 1, svgPath })
  } finally {
    console.log = log
  }
  return { output: printed.join('\n'), svg: readFileSync(svgPath, 'utf8'), svgPath }
}

test("the demo runs on a user's file and writes the chart where it says", async () => {
  const { output, svg, svgPath } = await run(ONE_TASK)
  assert.match(output, /^400 training rows, 200 test rows; epochs: 1; task: income\n/)
  assert.match(output, /\n +2 {2}ClippyAdagrad +1\.0000 /)
  assert.ok(output.endsWith(svgPath))
  assert.match(svg, /^<svg/)
})

test('with two tasks the demo learns both and says how well', async () => {
  const { output, svg } = await run(TWO_TASKS)
  assert.match(output, /; tasks: income, never married\n/)
  assert.match(output, /income: test AUC .* never married: test AUC/)
  assert.match(output, /\n +2 {2}ClippyAdagrad +1\.0000 +0\.\d+ +1\.0000 +0\.\d+ /)
  assert.match(svg, /ClippyAdagrad: AUC 1\.000, 1\.000/)
  // The loss that is drawn is the mean of the tasks: ln 2 at the start, not twice that.
  const worst = Number(/\n +2 {2}ClippyAdagrad.* (\d\.\d+) +\d\.\d+ +\d+\.\d\n/.exec(output)?.[1])
  assert.ok(worst > 0.5 && worst < 1, String(worst))
})

test.run()
