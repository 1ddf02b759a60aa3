import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readKerasFile } from '../keras-file.ts'
import { readSteps } from '../steps.ts'
import { FOLDER } from './support.ts'

const test = suite('keras checkpoint: programs')

/** What a program prints when it is run as the README says. */
function run(...given: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', ...given], {
    cwd: FOLDER,
    encoding: 'utf8',
  })
  assert.is(status, 0, stderr)
  return stdout
}

const DIFFERENCE = /\d\.\de-\d+(?= from Python)/g

test('from-python.ts prints what the README shows, each step within 1e-6 of Python', () => {
  const printed = run('from-python.ts')
  const [, shown] = /```text\n(.*?)```/s.exec(readFileSync(`${FOLDER}/README.md`, 'utf8')) ?? []
  assert.is(printed.replace(DIFFERENCE, '…'), shown?.replace(DIFFERENCE, '…'))
  const differences = printed.match(DIFFERENCE) ?? []
  assert.is(differences.length, 5)
  for (const difference of differences) assert.ok(Number(difference) <= 1e-6, difference)
})

test('from-python.ts prints the same steps for the .weights.h5, which has no options in it', () => {
  const [keras, weights] = ['python/run.keras', 'python/run.weights.h5'].map((path) => run('from-python.ts', path))
  assert.is(weights, keras.replace('run.keras', 'run.weights.h5'))
})

for (const [given, done] of [
  [[], 5],
  [['python/run.keras'], 10],
] as const) {
  test(`to-python.ts ${given} saves a run of ${done} steps in either form, and the five steps after it`, () => {
    run('to-python.ts', ...given)
    const [keras, weights] = ['run.keras', 'run.weights.h5'].map((name) =>
      readKerasFile(`${FOLDER}/javascript/${name}`),
    )
    assert.equal(keras.arrays, weights.arrays)
    assert.equal(keras.arrays.get('optimizer/vars/0')?.values, BigInt64Array.of(BigInt(done)))
    const { steps } = readSteps(`${FOLDER}/javascript/steps.json`)
    assert.equal(
      steps.map(({ iterations }) => iterations),
      [1, 2, 3, 4, 5].map((n) => done + n),
    )
  })
}

test.run()
