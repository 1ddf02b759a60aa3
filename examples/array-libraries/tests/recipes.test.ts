import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { startBias, startKernel } from '../problem.ts'
import { RECIPES, run, testWith } from './support.ts'

const test = suite('array libraries: recipes')

/**
 * Of the larger of 1 and the raw run's weight. Single precision rounds by 6e-8, libraries add in other orders, and a
 * difference may grow over the steps; what was seen is 2.3e-7 at most.
 */
const TOLERANCE = 1e-6

const raw = run('raw-arrays.ts')

/** Before the first step. */
const FIRST_LOSS = 0.832

test('the raw-array run learns, and has not arrived', () => {
  assert.ok(raw.loss < 0.2 * FIRST_LOSS && raw.loss > 0.05 * FIRST_LOSS, `the loss is ${raw.loss}`)
  const moved = raw.kernel.filter((w, i) => Math.abs(w - startKernel[i]) > 100 * TOLERANCE)
  assert.is(moved.length, startKernel.length, 'kernel')
  assert.ok(
    raw.bias.every((w, i) => Math.abs(w - startBias[i]) > 100 * TOLERANCE),
    'bias',
  )
})

for (const { name, file, packages } of RECIPES) {
  testWith(test, packages, `${name}: the weights of the raw-array run`, () => {
    const { loss, kernel, bias } = run(file)
    close([loss], [raw.loss], 'loss')
    close(kernel, raw.kernel, 'kernel')
    close(bias, raw.bias, 'bias')
  })
}

function close(actual: readonly number[], expected: readonly number[], what: string): void {
  assert.is(actual.length, expected.length, what)
  for (const [i, want] of expected.entries()) {
    // Not `> TOLERANCE`, which a NaN would pass.
    const isClose = Math.abs(actual[i] - want) <= TOLERANCE * Math.max(1, Math.abs(want))
    assert.ok(isClose, `${what}[${i}] is ${actual[i]}; the raw-array run has ${want}`)
  }
}

test.run()
