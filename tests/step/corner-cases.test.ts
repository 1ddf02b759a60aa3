import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { clippingBound, clippingFactor, step, updateAccumulator, updateVariable } from '../../src/index.ts'
import { boundViolation } from '../../src/testing/index.ts'
import { sameBits, sameNumber } from '../support/assertions.ts'
import { type Case, caseOf, copyOf, modes, withOptions } from '../support/case.ts'
import { exactFactor } from '../support/oracle.ts'
import { plainAdagrad } from '../support/plain-adagrad.ts'
import { arrayOf, limitsOf, type Precision, precisions } from '../support/precision.ts'

// The list "Corner cases, decided once" of the design, one example for each decision.
const test = suite('corner cases')

function stepped({ variable, accumulator, gradient, options }: Case): number {
  return step(variable, accumulator, gradient, options)
}

function factorOf({ variable, accumulator, gradient, options }: Case): number {
  return clippingFactor(variable, accumulator, gradient, options)
}

function exactFactorOf({ variable, accumulator, gradient, options }: Case): number {
  return exactFactor(variable, accumulator, gradient, options)
}

function isClose(actual: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(actual - expected) <= tolerance * expected, `${actual} should be about ${expected}`)
}

function withinBounds(before: Case, after: Case): void {
  assert.is(boundViolation(before.variable, after.variable, before.accumulator, before.options), undefined)
}

/** One coordinate. */
function single(precision: Precision, [w, a, g]: readonly [number, number, number], options: Case['options'] | object) {
  return caseOf(precision, { variable: [w], accumulator: [a], gradient: [g] }, options)
}

// The factor.

test('the factor does not underflow in float32: it is a double', () => {
  const input = single('float32', [0, 1, 3e38], { learningRate: 1, epsilon: 0, absoluteThreshold: 1e-30 })
  const factor = factorOf(input)
  assert.ok(factor > 0)
  isClose(factor, 1e-30 / Math.fround(3e38), 2e-6)
  assert.ok(Math.fround(factor) === 0, 'float32 could not hold it')
})

for (const precision of precisions) {
  const { factorTolerance, largest, smallest, smallestNormal, round } = limitsOf(precision)

  test(`a bound of 0 under a gradient makes the factor 0 and freezes the variable (${precision})`, () => {
    const values = { variable: [1, 0, -2], accumulator: [0.1, 0.1, 0.1], gradient: [1, 1e-30, 1] }
    const input = caseOf(precision, values, { absoluteThreshold: 0 })
    const after = copyOf(input)
    sameNumber(stepped(after), 0, 'factor')
    sameBits(after.variable, input.variable, 'variable')
    assert.ok(after.accumulator[0] > input.accumulator[0], 'the accumulator still learns in delayed mode')
  })

  test(`a bound of 0 without a gradient holds nothing back (${precision})`, () => {
    const values = { variable: [1, 0, -2], accumulator: [0.1, 0.1, 0.1], gradient: [1e-6, 0, 1e-6] }
    sameNumber(stepped(caseOf(precision, values, { absoluteThreshold: 0 })), 1, 'factor')
  })

  test(`a factor of 0 with a clipped accumulator update changes nothing at all (${precision})`, () => {
    const values = { variable: [1, 0], accumulator: [0.1, 0.1], gradient: [1, 1] }
    const input = caseOf(precision, values, { absoluteThreshold: 0, ...modes.clipped })
    const after = copyOf(input)
    sameNumber(stepped(after), 0, 'factor')
    sameBits(after.variable, input.variable, 'variable')
    sameBits(after.accumulator, input.accumulator, 'accumulator')
  })

  test(`an exact factor just above the smallest normal double is kept, one below it may be 0 (${precision})`, () => {
    // bound · √q / (lr · g) = absoluteThreshold · 1 / 1.
    const options = { learningRate: 1, epsilon: 0, variableRelativeThreshold: 0 }
    const above = single(precision, [0, 1, 1], { ...options, absoluteThreshold: 2 ** -1020 })
    isClose(factorOf(above), exactFactorOf(above), factorTolerance)
    const below = single(precision, [0, 1, 1], { ...options, absoluteThreshold: 2 ** -1060 })
    assert.ok(factorOf(below) <= 2 ** -1022)
  })

  test(`the factor is applied as lr · factor rounded to the type (${precision})`, () => {
    // The first coordinate decides the factor; the second, far from its bound, shows how it is applied.
    const values = { variable: [0.3, 1000], accumulator: [0.7, 0.9], gradient: [5.1, 0.37] }
    const input = caseOf(precision, values, { learningRate: 0.3, ...modes.clipped })
    const after = copyOf(input)
    const factor = stepped(after)
    assert.ok(factor < 1)
    const { gradient, accumulator, options } = input
    const root = round(Math.sqrt(round(accumulator[1] + round(options.epsilon))))
    const rate = round(options.learningRate * factor)
    sameNumber(after.variable[1], round(1000 - round(round(rate * gradient[1]) / root)), 'variable')
    const clipped = round(factor * gradient[1])
    sameNumber(after.accumulator[1], round(accumulator[1] + round(clipped * clipped)), 'accumulator')
  })

  // Thresholds that the type cannot hold.

  test(`thresholds below the smallest normal number still clip, to within the exact bound (${precision})`, () => {
    for (const threshold of [5e-324, 1e-310, 1e-300, 1e-45, 1e-40, smallestNormal / 2]) {
      for (const values of [
        [0, 1, 1],
        [1, 1, 1],
        [smallestNormal, 1, 1],
        [1e10, 1e-10, 1e10],
      ] as const) {
        const thresholds = { variableRelativeThreshold: threshold, absoluteThreshold: threshold }
        const input = single(precision, values, { ...thresholds, learningRate: 1, epsilon: 0 })
        const after = copyOf(input)
        const factor = stepped(after)
        withinBounds(input, after)
        const exact = exactFactorOf(input)
        if (exact >= 2 ** -1022) isClose(factor, exact, factorTolerance)
      }
    }
  })

  test(`an absolute threshold of a few subnormal steps lets a zero move by no more than those (${precision})`, () => {
    const options = { learningRate: 1, variableRelativeThreshold: 0, absoluteThreshold: 2.5 * smallest }
    // 2.5 · 2^−1074 is itself not a double.
    const input = single(precision, [0, 1, 1], {
      ...options,
      absoluteThreshold: Math.max(2 * smallest, 2.5 * smallest),
    })
    stepped(input)
    assert.ok(input.variable[0] <= 0 && input.variable[0] >= -2 * smallest)
  })

  test(`thresholds that the type cannot hold because they are huge clip nothing (${precision})`, () => {
    for (const thresholds of [
      { variableRelativeThreshold: 1e300 },
      { variableRelativeThreshold: 0, absoluteThreshold: 1e300 },
      { variableRelativeThreshold: 0, absoluteThreshold: 0, accumulatorRelativeThreshold: 1e300 },
    ]) {
      const input = caseOf(precision, { variable: [1, -2], accumulator: [0.5, 0.1], gradient: [3, 4] }, thresholds)
      const expected = copyOf(input)
      plainAdagrad(expected)
      sameNumber(stepped(input), 1, 'factor')
      sameBits(input.variable, expected.variable, 'variable')
    }
  })

  test(`learning rates that the type cannot hold are taken at their real size (${precision})`, () => {
    const huge = single(precision, [1, 1, 1e-5], { learningRate: 1e300, epsilon: 0, absoluteThreshold: 0 })
    const after = copyOf(huge)
    isClose(stepped(after), exactFactorOf(huge), factorTolerance)
    withinBounds(huge, after)
    isClose(after.variable[0], 0.9, 1e-6)
    const tiny = single(precision, [1, 1, 1], { learningRate: 1e-300, epsilon: 0 })
    sameNumber(stepped(tiny), 1, 'factor')
    sameNumber(tiny.variable[0], 1, 'variable')
  })

  // The accumulator.

  test(`g² saturates the accumulator at the largest finite value (${precision})`, () => {
    for (const mode of Object.values(modes)) {
      const input = single(precision, [1, 0.1, largest], { ...mode, absoluteThreshold: Infinity })
      stepped(input)
      sameNumber(input.accumulator[0], largest, 'accumulator')
      assert.ok(Number.isFinite(input.variable[0]))
    }
    const accumulator = arrayOf(precision, [largest])
    updateAccumulator(accumulator, arrayOf(precision, [1]))
    sameNumber(accumulator[0], largest, 'accumulator')
  })

  test(`a + ε = 0 with no gradient leaves the coordinate alone (${precision})`, () => {
    for (const mode of Object.values(modes)) {
      const input = caseOf(
        precision,
        { variable: [5, -0, 1], accumulator: [0, 0, 1], gradient: [0, 0, 1e-6] },
        {
          epsilon: 0,
          ...mode,
        },
      )
      sameNumber(stepped(input), 1, 'factor')
      sameNumber(input.variable[0], 5, 'variable')
      sameNumber(input.variable[1], -0, 'variable')
      sameNumber(input.accumulator[0], 0, 'accumulator')
    }
  })

  test(`a + ε = 0 under a gradient moves no coordinate past its bound, and makes no NaN (${precision})`, () => {
    for (const g of [smallest, 1, -largest]) {
      const values = { variable: [5, 0, -3], accumulator: [0, 0, 1], gradient: [g, g, 1] }
      const input = caseOf(precision, values, { epsilon: 0, learningRate: 1 })
      const after = copyOf(input)
      const factor = stepped(after)
      assert.ok(factor >= 0 && factor <= 1)
      assert.ok([...after.variable, ...after.accumulator].every(Number.isFinite))
      withinBounds(input, after)
    }
  })

  test(`q below the smallest normal number counts as that number (${precision})`, () => {
    const options = { epsilon: 0, learningRate: 1, accumulatorRelativeThreshold: 1e-3 }
    const floor = single(precision, [1, smallestNormal, 1], options)
    for (const a of [0, smallest, smallestNormal / 2, smallestNormal - smallest]) {
      const input = single(precision, [1, a, 1], options)
      sameNumber(factorOf(input), factorOf(floor), 'factor')
      sameNumber(
        clippingBound(input.variable, input.accumulator, input.options)[0],
        clippingBound(floor.variable, floor.accumulator, floor.options)[0],
        'bound',
      )
      const after = copyOf(input)
      const afterFloor = copyOf(floor)
      stepped(after)
      stepped(afterFloor)
      sameNumber(after.variable[0], afterFloor.variable[0], 'variable')
    }
  })

  test(`an accumulator slightly below zero is fine while ε lifts it above (${precision})`, () => {
    const options = { absoluteThreshold: Infinity, learningRate: 1 }
    for (const [a, q] of [
      [-5e-8, 5e-8],
      [-9.9e-8, 1e-9],
    ]) {
      const input = single(precision, [0, a, 1e-6], options)
      stepped(input)
      // In float32 ε is not rounded there, so what a + ε leaves is good to the last digits of a.
      const given = round(a) + 1e-7
      isClose(given, q, 1e-5)
      isClose(-input.variable[0], round(1e-6) / Math.sqrt(given), 1e-6)
    }
  })

  // The variable.

  test(`a variable that would overflow stops at the largest finite value (${precision})`, () => {
    const options = { absoluteThreshold: Infinity, learningRate: 1e30, epsilon: 0 }
    const values = {
      variable: [largest, -largest, 0, 0],
      accumulator: [1e-10, 1, 0, 0],
      gradient: [-largest, 1e30, 1, -1],
    }
    const input = caseOf(precision, values, { ...options, learningRate: largest })
    sameNumber(stepped(input), 1, 'factor')
    assert.equal(Array.from(input.variable), [largest, -largest, -largest, largest])
  })

  test(`an infinite absolute threshold switches clipping off: that is plain Adagrad (${precision})`, () => {
    for (const mode of Object.values(modes)) {
      const values = { variable: [0, 0.001, -7], accumulator: [0.1, 1e-3, 2], gradient: [1e3, -20, 0.1] }
      const input = caseOf(precision, values, { absoluteThreshold: Infinity, learningRate: 10, ...mode })
      const expected = copyOf(input)
      plainAdagrad(expected)
      sameNumber(stepped(input), 1, 'factor')
      sameBits(input.variable, expected.variable, 'variable')
      sameBits(input.accumulator, expected.accumulator, 'accumulator')
    }
  })

  test(`a step of nothing has the factor 1 (${precision})`, () => {
    const nothing = caseOf(precision, { variable: [], accumulator: [], gradient: [] })
    const { variable, accumulator, gradient, options } = nothing
    sameNumber(stepped(nothing), 1, 'factor')
    sameNumber(factorOf(nothing), 1, 'factor')
    updateVariable(variable, accumulator, gradient, 0.5, options)
    updateAccumulator(accumulator, gradient)
    assert.is(clippingBound(variable, accumulator, options).length, 0)
  })

  // The parts.

  test(`clippingFactor and updateVariable take the accumulator as given in standard mode too (${precision})`, () => {
    const values = { variable: [1, 2], accumulator: [0.5, 0.1], gradient: [30, -4] }
    const delayed = caseOf(precision, values, { learningRate: 1 })
    const standard = withOptions(delayed, modes.standard)
    const factor = factorOf(delayed)
    sameNumber(factorOf(standard), factor, 'factor')
    updateVariable(delayed.variable, delayed.accumulator, delayed.gradient, factor, delayed.options)
    updateVariable(standard.variable, standard.accumulator, standard.gradient, factor, standard.options)
    sameBits(standard.variable, delayed.variable, 'variable')
  })

  test(`updateVariable with too large a factor stops each coordinate at its bound (${precision})`, () => {
    const values = { variable: [1, 1, 1], accumulator: [1, 1, 1], gradient: [100, -0.01, 0.2] }
    const input = caseOf(precision, values, { learningRate: 1, epsilon: 0, absoluteThreshold: 0 })
    const after = copyOf(input)
    updateVariable(after.variable, after.accumulator, after.gradient, 1, after.options)
    withinBounds(input, after)
    isClose(after.variable[0], 0.9, 1e-6)
    sameNumber(after.variable[1], round(1 - -round(0.01)), 'the second variable is free')
    isClose(after.variable[2], 0.9, 1e-6)
  })

  test(`the options have the defaults of the table (${precision})`, () => {
    const input = caseOf(precision, { variable: [1, 0, -0.5], accumulator: [0.1, 0.2, 0.3], gradient: [200, -1e-5, 3] })
    const given = copyOf(input)
    const { variable, accumulator, gradient } = copyOf(input)
    const implied = step(variable, accumulator, gradient)
    sameNumber(implied, stepped(given), 'factor')
    sameBits(variable, given.variable, 'variable')
    sameBits(accumulator, given.accumulator, 'accumulator')
    sameNumber(clippingFactor(input.variable, input.accumulator, input.gradient), implied, 'factor')
    const bounds = clippingBound(input.variable, input.accumulator)
    sameBits(bounds, clippingBound(input.variable, input.accumulator, input.options), 'bound')
    // An option that is there but undefined is one that is not there.
    const partial = copyOf(input)
    sameNumber(step(partial.variable, partial.accumulator, partial.gradient, {}), implied, 'factor')
  })
}

test.run()
