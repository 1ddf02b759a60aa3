import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { add, dyadic, squareRoot } from '../../src/testing/dyadic.ts'
import { caseOf, defaults } from './case.ts'
import { nearest } from './nearest.ts'
import { boundTooHigh, boundTooLow, exactFactor, exceedsDistance, plainCheck } from './oracle.ts'
import { precisions } from './precision.ts'

// The oracle judges the package, so it is tested first, on what is known by hand.
const test = suite('oracle')

test('a distance is compared exactly', () => {
  assert.not(exceedsDistance(1, 1.75, 0.75))
  assert.ok(exceedsDistance(1, 1.75, 0.75 - 2 ** -53))
  assert.not(exceedsDistance(1, 1.75, Number.POSITIVE_INFINITY))
})

test('the nearest double is found from both sides, and is one that a root is rounded to', () => {
  for (const x of [0, 0.1, 5e-324, Number.MAX_VALUE]) assert.is(nearest(dyadic(x)), x)
  assert.is(nearest(add(dyadic(1), { n: 1n, e: -54 })), 1)
  assert.is(nearest(add(dyadic(1), { n: 3n, e: -54 })), 1 + 2 ** -52)
  for (const x of [2, 3, 5e-324, Number.MAX_VALUE]) assert.is(nearest(squareRoot(dyadic(x))), Math.sqrt(x))
})

test('a value of clippingBound is judged from both sides', () => {
  const options = { ...defaults, variableRelativeThreshold: 0.5, absoluteThreshold: 0.25 }
  assert.not(boundTooHigh(0.75, 1, 0, options))
  assert.ok(boundTooHigh(0.75 + 2 ** -53, 1, 0, options))
  assert.ok(boundTooHigh(Number.POSITIVE_INFINITY, 1, 0, options))
  assert.not(boundTooLow(0.75, 1, 0, options, 2 ** -1022))
  assert.not(boundTooLow(0.75 * (1 - 2 ** -49), 1, 0, options, 2 ** -1022))
  assert.ok(boundTooLow(0.75 * (1 - 2 ** -47), 1, 0, options, 2 ** -1022))
})

test('the exact factor is right where it can be worked out by hand', () => {
  const set = { epsilon: 0, learningRate: 0.5, variableRelativeThreshold: 0.25, absoluteThreshold: 0 }
  for (const precision of precisions) {
    const { variable, accumulator, gradient, options } = caseOf(
      precision,
      { variable: [1, 2, 8], accumulator: [4, 4, 1], gradient: [8, 0, -2] },
      set,
    )
    // Δ = 0.5 · 8 / 2 = 2 with a bound of 0.25; the others are free.
    assert.is(exactFactor(variable, accumulator, gradient, options), 0.125)
  }
})

test('the double check a user would write sees a move past the bound', () => {
  assert.ok(plainCheck(1, 1.1, { ...defaults, variableRelativeThreshold: 0.2 }))
  assert.not(plainCheck(1, 1.1, { ...defaults, variableRelativeThreshold: 0.05 }))
})

test.run()
