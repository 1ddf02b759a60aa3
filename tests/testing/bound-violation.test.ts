import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type BoundOptions, boundViolation } from '../../src/testing/index.ts'
import { arrayOf, limitsOf, moveByUlps, type Precision, precisions } from '../support/precision.ts'

// It judges the package, so it is tested first: on fractions worked out by hand, and against another program's answers.
const test = suite('testing: boundViolation')

/** What is found of one coordinate. */
function found(precision: Precision, [before, after, accumulator]: readonly number[], options: BoundOptions) {
  return boundViolation(
    arrayOf(precision, [before]),
    arrayOf(precision, [after]),
    arrayOf(precision, [accumulator]),
    options,
  )
}

const relativeOnly = { accumulatorRelativeThreshold: 0, absoluteThreshold: 0, epsilon: 0 }

for (const precision of precisions) {
  const { largest, smallest, smallestNormal } = limitsOf(precision)
  const ulp = precision === 'float32' ? 2 ** -23 : 2 ** -52

  test(`a move of exactly the bound is within it, one ulp more is not (${precision})`, () => {
    // 1 · 1/2 + 1/4 = 3/4.
    const options = { ...relativeOnly, variableRelativeThreshold: 0.5, absoluteThreshold: 0.25 }
    assert.is(found(precision, [1, 1.75, 0], options), undefined)
    assert.is(found(precision, [1, 0.25, 0], options), undefined)
    assert.equal(found(precision, [1, 1.75 + ulp, 0], options), { index: 0, move: 0.75 + ulp, bound: 0.75 })
    // 3/4 + ulp/4 is no double when the ulp is that of doubles: it is rounded up, or it would not be above the bound.
    const move = 0.75 + (precision === 'float32' ? ulp / 4 : ulp / 2)
    assert.equal(found(precision, [1, 0.25 - ulp / 4, 0], options), { index: 0, move, bound: 0.75 })
    assert.equal(found(precision, [-1, -1.75 - ulp, 0], options), { index: 0, move: 0.75 + ulp, bound: 0.75 })
  })

  test(`the square root is decided exactly: one ulp of the accumulator turns the answer around (${precision})`, () => {
    // |−2| · 1/4 + 3/√(3 + 1) + 1/8 = 1/2 + 3/2 + 1/8 = 17/8.
    const options = {
      variableRelativeThreshold: 0.25,
      accumulatorRelativeThreshold: 3,
      absoluteThreshold: 0.125,
      epsilon: 1,
    }
    assert.is(found(precision, [-2, 0.125, 3], options), undefined)
    assert.is(found(precision, [-2, 0.125, moveByUlps(precision, 3, -1)], options), undefined)
    const { move, bound } = found(precision, [-2, 0.125, moveByUlps(precision, 3, 1)], options) ?? {}
    assert.is(move, 2.125)
    // 3/√(4 + δ) is about 3/2 − 3/16 · δ, and δ is an ulp of 3, twice that of 1.
    assert.ok(bound !== undefined && bound < 2.125 && bound > 2.125 - (3 / 8) * ulp - 2 ** -48)
  })

  test(`the smallest number is one too far where the bound is 0, or just below it (${precision})`, () => {
    const none = { ...relativeOnly, variableRelativeThreshold: 0 }
    assert.is(found(precision, [0, 0, 0], none), undefined)
    assert.is(found(precision, [0, -0, 0], none), undefined)
    assert.equal(found(precision, [0, smallest, 0], none), { index: 0, move: smallest, bound: 0 })
    assert.equal(found(precision, [-smallest, 0, 0], none), { index: 0, move: smallest, bound: 0 })
    assert.is(found(precision, [0, smallest, 0], { ...none, absoluteThreshold: smallest }), undefined)
    // (1 − 2^−53) · smallest, which no double holds when the type is float64: it rounds down to 0.
    const share = { ...relativeOnly, variableRelativeThreshold: 1 - 2 ** -53 }
    const bound = precision === 'float32' ? smallest * (1 - 2 ** -53) : 0
    assert.equal(found(precision, [smallest, 0, 0], share), { index: 0, move: smallest, bound })
  })

  test(`subnormal weights are judged as exactly as others (${precision})`, () => {
    const half = { ...relativeOnly, variableRelativeThreshold: 0.5 }
    assert.is(found(precision, [smallestNormal, smallestNormal / 2, 0], half), undefined)
    const move = smallestNormal / 2 + smallest
    assert.equal(found(precision, [smallestNormal, smallestNormal / 2 - smallest, 0], half), {
      index: 0,
      move,
      bound: smallestNormal / 2,
    })
    assert.is(found(precision, [4 * smallest, 6 * smallest, 0], half), undefined)
    assert.is(found(precision, [4 * smallest, 7 * smallest, 0], half)?.move, 3 * smallest)
  })

  test(`the largest numbers overflow nothing (${precision})`, () => {
    const twice = { ...relativeOnly, variableRelativeThreshold: 2 }
    assert.is(found(precision, [largest, -largest, 0], twice), undefined)
    const below = { ...relativeOnly, variableRelativeThreshold: 2 - 2 ** -52 }
    const { move = 0, bound = 0 } = found(precision, [largest, -largest, 0], below) ?? {}
    // Twice the largest double is none, and so is nearly twice.
    assert.is(move, precision === 'float32' ? 2 * largest : Number.POSITIVE_INFINITY)
    assert.is(bound, precision === 'float32' ? largest * (2 - 2 ** -52) : Number.MAX_VALUE)
    const all = { ...relativeOnly, accumulatorRelativeThreshold: Number.MAX_VALUE, epsilon: smallest }
    assert.is(found(precision, [largest, -largest, 0], all), undefined)
  })

  test(`it names the first of several (${precision})`, () => {
    const before = arrayOf(precision, [1, 2, 4, 8])
    const after = arrayOf(precision, [1.25, 3, 7, 15])
    const accumulator = arrayOf(precision, [0, 0, 0, 0])
    const options = { ...relativeOnly, variableRelativeThreshold: 0.5 }
    assert.equal(boundViolation(before, after, accumulator, options), { index: 2, move: 3, bound: 2 })
  })
}

test('a + ε = 0 makes the bound infinite with an accumulator threshold, and adds nothing without one', () => {
  assert.equal(found('float64', [1, 1.5, 0], { ...relativeOnly, variableRelativeThreshold: 0.25 }), {
    index: 0,
    move: 0.5,
    bound: 0.25,
  })
  const options = { ...relativeOnly, accumulatorRelativeThreshold: 5e-324 }
  assert.is(found('float64', [1, Number.MAX_VALUE, 0], options), undefined)
})

test('an infinite absolute threshold allows any move', () => {
  const all = { ...relativeOnly, variableRelativeThreshold: 0, absoluteThreshold: Number.POSITIVE_INFINITY }
  assert.is(found('float64', [-Number.MAX_VALUE, Number.MAX_VALUE, 1], all), undefined)
})

test('the defaults are those of the package: 0.1 of the weight and 1e-7', () => {
  const accumulator = Float64Array.of(1)
  const moved = (distance: number) => boundViolation(Float64Array.of(0), Float64Array.of(distance), accumulator)
  assert.is(moved(1e-7), undefined)
  assert.equal(moved(1.0000000000000001e-7), { index: 0, move: 1.0000000000000001e-7, bound: 1e-7 })
  // 0.1 is a little more than a tenth, so 1.1 lies within a tenth of 1 even without the absolute threshold.
  const from1 = (after: number) =>
    boundViolation(Float64Array.of(1), Float64Array.of(after), accumulator, { absoluteThreshold: 0 })
  assert.is(from1(0.9), undefined)
  assert.equal(from1(1.1), { index: 0, move: 0.10000000000000009, bound: 0.1 })
})

test('no weights, no violation', () => {
  const empty = new Float32Array(0)
  assert.is(boundViolation(empty, empty, empty), undefined)
})

/** Rows of before, after, accumulator and the four options; those beyond the bound go on with move and bound. */
type Recorded = Record<Precision, Record<'within' | 'beyond', number[][]>>
const recorded: Recorded = JSON.parse(readFileSync(new URL('./bound-cases.json', import.meta.url), 'utf8'))

for (const precision of precisions) {
  test(`it agrees with a program that reckons in decimals of 5000 digits (${precision})`, () => {
    for (const [verdict, rows] of Object.entries(recorded[precision])) {
      assert.ok(rows.length > 100, `${rows.length} rows ${verdict} the bound`)
      for (const row of rows) {
        const [, , , variableRelativeThreshold, accumulatorRelativeThreshold, absoluteThreshold, epsilon] = row
        const options = { variableRelativeThreshold, accumulatorRelativeThreshold, absoluteThreshold, epsilon }
        const expected = verdict === 'within' ? undefined : { index: 0, move: row[7], bound: row[8] }
        assert.equal(found(precision, row, options), expected, JSON.stringify(row))
      }
    }
  })
}

test.run()
