import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { explainOperands, type OperandsExplained } from '../../src/step/explain.ts'
import { type Operands, operandsOf } from '../../src/step/operands.ts'
import { add, compare, dyadic, magnitude, multiply, quotient, squareRoot } from '../../src/testing/dyadic.ts'
import { anyCase } from '../support/arbitraries.ts'
import { promise } from '../support/assertions.ts'
import { hyperparametersOf } from '../support/blocks.ts'
import { type Case, caseOf, copyOf } from '../support/case.ts'
import { limitsOf, precisionOf, precisions } from '../support/precision.ts'
import { holds } from '../support/property.ts'

const test = suite('explainOperands')

function operandsFor(input: Case): Operands {
  const { variable, accumulator, gradient } = copyOf(input)
  return operandsOf(variable, accumulator, gradient, hyperparametersOf(input).precision)
}

function explained(input: Case): OperandsExplained {
  return explainOperands(operandsFor(input), hyperparametersOf(input))
}

function limitingIndex(input: Case): number | undefined {
  return explained(input).limiting?.index
}

const tinyRate = {
  learningRate: 1e-10,
  epsilon: 0,
  variableRelativeThreshold: 0.1,
  absoluteThreshold: 1,
}

test('moves beyond the doubles still have an order', () => {
  const values = { variable: [1, 1], accumulator: [1e-20, 1e-20], gradient: [1e299, 1e305] }
  assert.is(limitingIndex(caseOf('float64', values, tinyRate)), 1)
  const turned = { ...values, gradient: [1e305, 1e299] }
  assert.is(limitingIndex(caseOf('float64', turned, tinyRate)), 0)
})

test('a proposed change is at most the largest double', () => {
  const values = { variable: [1, 1], accumulator: [1e-300, 1e-300], gradient: [1e299, -1e305] }
  const { limiting, shareOverBound } = explained(caseOf('float64', values, { ...tinyRate, learningRate: 1 }))
  assert.is(limiting?.index, 1)
  assert.is(limiting?.proposedChange, Number.MAX_VALUE)
  assert.is(shareOverBound, 1)
})

test('where the factor underflows there is still a limiting coordinate', () => {
  for (const gradient of [
    [1e290, 1e300],
    [1e300, 1e290],
  ]) {
    const values = { variable: [0, 0], accumulator: [1, 1], gradient }
    const set = { learningRate: 1e5, epsilon: 0, variableRelativeThreshold: 0, absoluteThreshold: 1e-300 }
    assert.is(limitingIndex(caseOf('float64', values, set)), gradient[0] > gradient[1] ? 0 : 1)
  }
})

test('ratios of bound and move that a double cannot hold are told apart, wherever the smallest one stands', () => {
  for (const gradient of [
    [1e280, 1e290, 1e270],
    [1e290, 1e280, 1e270],
    [1e270, 1e280, 1e290],
  ]) {
    const values = { variable: [0, 0, 0], accumulator: [1, 1, 1], gradient }
    const set = { learningRate: 1e10, epsilon: 0, variableRelativeThreshold: 0, absoluteThreshold: 1e-100 }
    const { limiting, shareOverBound } = explained(caseOf('float64', values, set))
    assert.is(limiting?.index, gradient.indexOf(1e290))
    assert.is(shareOverBound, 1)
  }
})

test('where the accumulator and epsilon together overflow, a move over its bound is still seen', () => {
  const values = { variable: [0, 0, 0], accumulator: [1e299, 1e-25, 3e14], gradient: [-2e282, -5e169, 7e199] }
  const set = { learningRate: 2e-199, epsilon: 5e299, variableRelativeThreshold: 0, absoluteThreshold: 2.5e-322 }
  const { limiting, shareOverBound } = explained(
    caseOf('float64', values, { ...set, useStandardAccumulatorUpdate: true }),
  )
  assert.is(limiting?.index, 0)
  assert.is(shareOverBound, 1)
})

test('a sum under the root below the normal numbers counts as the smallest of them', () => {
  const values = { variable: [0, 0], accumulator: [2 ** -140, 2 ** -140], gradient: [2 ** -50, 2 ** -66] }
  const set = { learningRate: 1, epsilon: 0, variableRelativeThreshold: 0, absoluteThreshold: 1 }
  // They would move by 2¹³ and 1/8.
  assert.is(explained(caseOf('float32', values, set)).shareOverBound, 0.5)
})

test('a bound of 0 under a gradient limits, before everything else', () => {
  for (const precision of precisions) {
    const values = { variable: [1, 0, 2], accumulator: [0.1, 0.1, 0.1], gradient: [1000, 1e-30, 1000] }
    const input = caseOf(precision, values, { absoluteThreshold: 0 })
    const { limiting, shareOverBound } = explained(input)
    assert.is(limiting?.index, 1)
    assert.is(limiting?.bound, 0)
    assert.is(shareOverBound, 1)
  }
})

test('nothing limits where nothing moves or clipping is off', () => {
  for (const precision of precisions) {
    const values = { variable: [1, 0], accumulator: [0.1, 0.1], gradient: [0, 0] }
    const nothing = { limiting: undefined, shareOverBound: 0 }
    assert.equal(explained(caseOf(precision, values)), nothing)
    const moving = { ...values, gradient: [1, 1] }
    assert.equal(explained(caseOf(precision, moving, { learningRate: 0 })), nothing)
    assert.equal(explained(caseOf(precision, moving, { absoluteThreshold: Number.POSITIVE_INFINITY })), nothing)
    assert.equal(explained(caseOf(precision, { variable: [], accumulator: [], gradient: [] })), nothing)
  }
})

test('of a sparse gradient the coordinate is told by its place in the variable', () => {
  const variable = new Float32Array(20).fill(1)
  const accumulator = new Float32Array(20).fill(0.1)
  const gradient = { indices: [3, 1], values: Float32Array.of(1, 1, 1, 1, 1, 9, 1, 1) }
  const input = { ...caseOf('float32', { variable: [1], accumulator: [1], gradient: [] }), variable, accumulator }
  const h = hyperparametersOf(input)
  const { limiting } = explainOperands(operandsOf(variable, accumulator, gradient, h.precision), h)
  assert.is(limiting?.index, 5)
  assert.is(limiting?.value, 1)
  assert.ok((limiting?.proposedChange ?? 0) < 0)
})

/** bound / |Δ| of one coordinate in exact arithmetic. */
function roomOf({ variable, accumulator, gradient, options }: Case, i: number) {
  const { smallestNormal, round, largest } = limitsOf(precisionOf(variable))
  const g = gradient[i]
  const a = options.useStandardAccumulatorUpdate
    ? Math.min(round(accumulator[i] + round(g * g)), largest)
    : accumulator[i]
  const q = add(dyadic(a), dyadic(options.epsilon))
  const floor = dyadic(smallestNormal)
  const root = squareRoot(compare(q, floor) < 0 ? floor : q)
  const flat = add(
    multiply(magnitude(dyadic(variable[i])), dyadic(options.variableRelativeThreshold)),
    dyadic(options.absoluteThreshold),
  )
  const bound = add(multiply(flat, root), dyadic(options.accumulatorRelativeThreshold))
  return quotient(bound, multiply(dyadic(options.learningRate), magnitude(dyadic(g))))
}

test('no coordinate has less room than the limiting one, on any input', () => {
  let limited = 0
  holds(fc.tuple(anyCase), ([input]) => {
    if (input.options.absoluteThreshold === Number.POSITIVE_INFINITY || input.options.learningRate === 0) return
    const { limiting, shareOverBound } = explained(input)
    const moving = Array.from(input.gradient.keys()).filter((i) => input.gradient[i] !== 0)
    promise((limiting === undefined) === (moving.length === 0), input, 'there is a limiting coordinate where one moves')
    if (limiting === undefined) return
    limited++
    promise(Number.isFinite(limiting.proposedChange) && limiting.bound >= 0, input, JSON.stringify(limiting))
    const least = multiply(roomOf(input, limiting.index), { n: 2n ** 44n - 1n, e: -44 })
    for (const i of moving) {
      const isLeast = compare(least, roomOf(input, i)) <= 0
      promise(isLeast, input, `[${limiting.index}] is said to limit, but [${i}] has less room`)
    }
    const one = dyadic(1)
    const over = moving.filter((i) => compare(roomOf(input, i), one) < 0).length
    // Those right at their bound may count or not.
    const near = { n: 2n ** 40n + 1n, e: -40 }
    const below = moving.filter((i) => compare(multiply(roomOf(input, i), near), one) < 0).length
    const above = moving.filter((i) => compare(roomOf(input, i), near) < 0).length
    const share = shareOverBound * input.gradient.length
    promise(share > below - 0.5 && share < above + 0.5, input, `${share} are said to be over their bound, not ${over}`)
  })
  assert.ok(limited > 500)
})

test.run()
