import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { loadRun } from '../run.ts'
import { difference, type Step, takeStep } from '../steps.ts'
import { batches, kerasOfPython, newRun, stepsOfPython, weightsOfPython } from './support.ts'

const test = suite('keras checkpoint: from Python')

// Of the larger of 1 and the number itself. Seen are 8.6e-8 at most in a weight and 8.3e-7 in a clipping factor: the
// thresholds here are smaller by up to 2⁻²⁰, so that no rounding breaks the bound.
const TOLERANCE = 1e-6

for (const [name, file] of Object.entries({ 'run.keras': kerasOfPython, 'run.weights.h5': weightsOfPython })) {
  test(`a run from ${name} takes the five steps that Python took, within 1e-6`, () => {
    const run = newRun()
    loadRun(run, file)
    assert.is(run.optimizer.iterations, 5)
    const taken = stepsOfPython.map(() => takeStep(run.model, run.optimizer, batches))
    assert.is(taken.length, 5)
    taken.forEach((step, k) => {
      assert.ok(difference(step, stepsOfPython[k]) <= TOLERANCE, `step ${step.iterations}`)
    })
  })
}

test('the recorded steps clip every weight at least once, each by its own factor', () => {
  for (const k of [2, 4, 6, 8, 10]) {
    const factors = stepsOfPython.map(({ arrays }) => arrays[`optimizer/vars/${k}`][0])
    assert.ok(Math.min(...factors) < 1, `optimizer/vars/${k}`)
  }
})

test('a step that differs in one number by more than the tolerance is seen, in any array', () => {
  const [step] = stepsOfPython
  assert.is(difference(step, step), 0)
  const paths = Object.keys(step.arrays)
  assert.is(paths.length, 15)
  for (const path of paths) {
    const changed = [...step.arrays[path]]
    changed[changed.length - 1] += 1e-5
    const other: Step = { ...step, arrays: { ...step.arrays, [path]: changed } }
    assert.ok(difference(other, step) > TOLERANCE, path)
    assert.ok(difference(step, other) > TOLERANCE, path)
    const longer = { ...step.arrays, [path]: [...step.arrays[path], 0] }
    assert.is(difference({ ...step, arrays: longer }, step), Number.POSITIVE_INFINITY, path)
    const { [path]: _left, ...rest } = step.arrays
    assert.is(difference({ ...step, arrays: rest }, step), Number.POSITIVE_INFINITY, path)
    assert.is(difference(step, { ...step, arrays: rest }), Number.POSITIVE_INFINITY, path)
  }
  assert.ok(difference({ ...step, loss: step.loss + 1e-5 }, step) > TOLERANCE)
  assert.is(difference({ ...step, iterations: 7 }, step), Number.POSITIVE_INFINITY)
})

test.run()
