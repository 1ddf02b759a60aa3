import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { caseOf, copyOf, defaults } from './support/case.ts'
import { add, compare, dyadic, multiply, quotient, squareRoot, toNumber } from './support/dyadic.ts'
import { hostileCase } from './support/hostile.ts'
import { naiveStep } from './support/naive.ts'
import { boundTooHigh, boundTooLow, exactFactor, exceedsBound, exceedsDistance, plainCheck } from './support/oracle.ts'
import { type Precision, precisionOf, precisions } from './support/precision.ts'
import { Random } from './support/random.ts'
import { boundViolations } from './support/violations.ts'

// The oracle judges the package, so it is tested first: on what is known by hand, and on an update that is known to fail.
const test = suite('oracle')

test('every finite double has an exact value that reads back as itself', () => {
  for (const x of [0, 1, 0.1, 5e-324, 2 ** -1022, 3e-310, 2 ** 52 + 1, 1e300, Number.MAX_VALUE]) {
    assert.is(toNumber(dyadic(x)), x)
  }
})

test('sums are exact where doubles round: 0.1 + 0.2 is above 0.3', () => {
  const sum = add(dyadic(0.1), dyadic(0.2))
  assert.is(compare(sum, dyadic(0.3)), 1)
  assert.is(compare(sum, dyadic(0.1 + 0.2)), -1)
})

test('the root and the quotient are good to 250 bits', () => {
  const root = squareRoot(dyadic(2))
  const square = multiply(root, root)
  assert.is(compare(square, dyadic(2)), -1)
  assert.is(compare(multiply(square, { n: 2n ** 250n + 1n, e: -250 }), dyadic(2)), 1)
  const third = quotient(dyadic(1), dyadic(3))
  assert.is(compare(multiply(third, dyadic(3)), dyadic(1)), -1)
  assert.is(compare(multiply(multiply(third, dyadic(3)), { n: 2n ** 250n + 1n, e: -250 }), dyadic(1)), 1)
  assert.is(toNumber(squareRoot(dyadic(5e-324))), Math.sqrt(5e-324))
  assert.is(toNumber(squareRoot(dyadic(Number.MAX_VALUE))), Math.sqrt(Number.MAX_VALUE))
})

test('a move of exactly the bound is within it, the next double is not', () => {
  const options = { ...defaults, variableRelativeThreshold: 0.5, absoluteThreshold: 0.25 }
  assert.not(exceedsBound(1, 1.75, 0, options))
  assert.ok(exceedsBound(1, 1.75 + 2 ** -52, 0, options))
  assert.ok(exceedsBound(1, 0.25 - 2 ** -54, 0, options))
  assert.not(exceedsDistance(1, 1.75, 0.75))
  assert.ok(exceedsDistance(1, 1.75, 0.75 - 2 ** -53))
})

test('the square root in the bound is decided exactly, on both sides', () => {
  // 1/√4 = 0.5 exactly; and one ulp more of a, or less, turns the answer around.
  const options = {
    ...defaults,
    epsilon: 0,
    variableRelativeThreshold: 0,
    accumulatorRelativeThreshold: 1,
    absoluteThreshold: 0,
  }
  assert.not(exceedsBound(0, 0.5, 4, options))
  assert.ok(exceedsBound(0, 0.5, 4 + 2 ** -50, options))
  assert.not(exceedsBound(0, 0.5, 4 - 2 ** -51, options))
})

test('a + ε = 0 makes the bound infinite with an accumulator threshold, and adds nothing without one', () => {
  const options = { ...defaults, epsilon: 0, absoluteThreshold: 0 }
  assert.ok(exceedsBound(1, 1.2, 0, options))
  assert.not(exceedsBound(1, 1e300, 0, { ...options, accumulatorRelativeThreshold: 5e-324 }))
})

test('an infinite absolute threshold allows any move', () => {
  assert.not(exceedsBound(-Number.MAX_VALUE, Number.MAX_VALUE, 1, { ...defaults, absoluteThreshold: Infinity }))
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

for (const precision of precisions) {
  test(`the naive ${precision} update is reported broken`, () => {
    const broken = countBroken(precision)
    assert.ok(broken > 0, 'the naive update should break the bound somewhere')
  })
}

function countBroken(precision: Precision): number {
  const random = new Random(1)
  let broken = 0
  for (let i = 0; i < 500; i++) {
    const input = hostileCase(random)
    // The naive update knows the delayed mode only.
    if (precisionOf(input.variable) !== precision || input.options.useStandardAccumulatorUpdate) continue
    broken += boundViolations(copyOf(input), naiveStep).length
  }
  return broken
}

test.run()
