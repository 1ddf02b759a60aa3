import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { clippingFactor, step, updateVariable } from '../../src/index.ts'
import { promise, sameBits, sameNumber } from '../support/assertions.ts'
import { tiled } from '../support/blocks.ts'
import { caseOf, copyOf, type Options } from '../support/case.ts'
import { moveIsRight } from '../support/move-oracle.ts'
import { exactFactor, factorIsRight } from '../support/oracle.ts'
import { limitsOf, type Precision, precisions } from '../support/precision.ts'

/** Options and numbers at every size that their type holds, wherever in an array they stand. */
const test = suite('extreme sizes')

/** Coordinates that do not move, but for one. */
function alone(
  precision: Precision,
  length: number,
  at: number,
  [w, a, g]: readonly number[],
  options: Partial<Options>,
) {
  const filled = (value: number, others: number) => Array.from({ length }, (_, i) => (i === at ? value : others))
  const values = { variable: filled(w, 1), accumulator: filled(a, 1), gradient: filled(g, 0) }
  return caseOf(precision, values, { epsilon: 0, variableRelativeThreshold: 1, absoluteThreshold: 0, ...options })
}

for (const precision of precisions) {
  const { largest } = limitsOf(precision)

  test(`a variable and an accumulator that would overflow stop at the largest number, at any place (${precision})`, () => {
    for (const length of [1, 2, 3, 8, 33, 100]) {
      for (let at = 0; at < length; at++) {
        for (const sign of [1, -1]) {
          const moving = alone(precision, length, at, [0.9 * sign * largest, 1, -sign], { learningRate: 0.3 * largest })
          const expected = copyOf(moving)
          expected.variable[at] = sign * largest
          expected.accumulator[at] = 2
          sameNumber(step(moving.variable, moving.accumulator, moving.gradient, moving.options), 1, 'the factor')
          sameBits(moving.variable, expected.variable, 'the variable')
          sameBits(moving.accumulator, expected.accumulator, 'the accumulator')

          const numbers = [0.5 * sign * largest, 0.9 * largest, Math.sqrt(0.2 * largest)]
          const summing = alone(precision, length, at, numbers, { learningRate: 2 ** -40 })
          step(summing.variable, summing.accumulator, summing.gradient, summing.options)
          assert.is(summing.accumulator[at], largest)
          assert.ok(Number.isFinite(summing.variable[at]))
        }
      }
    }
  })

  test(`factor and move of a coordinate are right at every size of every option (${precision})`, () => {
    const { factorTolerance } = limitsOf(precision)
    let clipped = 0
    for (const options of optionsOfAllSizes()) {
      for (const [w, a, g] of nearTheBound(precision, options)) {
        const single = caseOf(precision, { variable: [w], accumulator: [a], gradient: [g] }, options)
        const exact = exactFactor(single.variable, single.accumulator, single.gradient, options)
        if (exact < 1) clipped++
        // By the portable loops and by the SIMD kernel.
        for (const input of [single, tiled(single, 64)]) {
          const { variable, accumulator, gradient } = input
          const factor = clippingFactor(variable, accumulator, gradient, options)
          promise(factorIsRight(factor, exact, factorTolerance), single, `the factor is ${factor}, not ${exact}`)
          const move = { before: w, accumulator: accumulator[0], gradient: g, factor, options }
          updateVariable(variable, accumulator, gradient, factor, options)
          promise(moveIsRight(variable[0], precision, move), single, `it went to ${variable[0]}`)
          assert.ok(variable.every((next) => next === variable[0]))
        }
      }
    }
    assert.ok(clipped > 1000, `${clipped} clipped`)
  })
}

test('thresholds whose squares are subnormal doubles hide no factor below 1 (float32)', () => {
  const { round, factorTolerance } = limitsOf('float32')
  const none = { accumulatorRelativeThreshold: 0, learningRate: 2 ** -300 }
  let tried = 0
  for (let e = -538; e <= -521; e++) {
    for (let mantissa = 1; mantissa < 2; mantissa += 0.15) {
      const flat = mantissa * 2 ** e
      for (const thresholds of [
        { variableRelativeThreshold: 0, absoluteThreshold: flat },
        { variableRelativeThreshold: flat * 2 ** 149, absoluteThreshold: 0 },
      ]) {
        for (const epsilon of [2 ** 230, 2 ** 240, 2 ** 300]) {
          for (const share of [1 + 2 ** -18, 1 + 2 ** -16, 1.01, 1.1]) {
            const g = round(share * flat * 2 ** 300 * Math.sqrt(epsilon))
            const options = { ...none, ...thresholds, epsilon }
            const input = caseOf('float32', { variable: [2 ** -149], accumulator: [0], gradient: [g] }, options)
            const exact = exactFactor(input.variable, input.accumulator, input.gradient, input.options)
            if (exact === 1) continue
            tried++
            const factor = clippingFactor(input.variable, input.accumulator, input.gradient, input.options)
            promise(factorIsRight(factor, exact, factorTolerance), input, `the factor is ${factor}, not ${exact}`)
          }
        }
      }
    }
  }
  assert.ok(tried > 1000, `${tried} tried`)
})

/** Powers of 2 that a double holds, and a learning rate of about the size of each threshold alone. */
function* optionsOfAllSizes(): Generator<Options> {
  const base = { clipAccumulatorUpdate: false, useStandardAccumulatorUpdate: false }
  const none = { variableRelativeThreshold: 0, accumulatorRelativeThreshold: 0, absoluteThreshold: 0 }
  for (let e = -1060; e <= 1000; e += 60) {
    for (const threshold of Object.keys(none)) {
      for (const learningRate of [2 ** e, 2 ** (e / 2)]) {
        yield { ...base, ...none, [threshold]: 1.3 * 2 ** e, learningRate, epsilon: 0 }
      }
    }
    yield { ...base, ...none, absoluteThreshold: 1, learningRate: 1, epsilon: 2 ** e }
  }
}

const SIZES = [2 ** -149, 2 ** -126, 2 ** -60, 1, 2 ** 120]

/** Variables, accumulators and gradients whose moves are nearly as large as their bounds, or a little larger. */
function* nearTheBound(precision: Precision, options: Options): Generator<readonly [w: number, a: number, g: number]> {
  const { variableRelativeThreshold, accumulatorRelativeThreshold, absoluteThreshold, learningRate, epsilon } = options
  const { largest, smallestNormal, round } = limitsOf(precision)
  for (const w of SIZES) {
    for (const a of SIZES) {
      const root = Math.sqrt(Math.max(a + epsilon, smallestNormal))
      // Each threshold by itself, since with the others the product may be too large or too small.
      const allowed =
        (w / learningRate) * variableRelativeThreshold * root +
        accumulatorRelativeThreshold / learningRate +
        (absoluteThreshold / learningRate) * root
      for (const share of [0.9, 1.5]) {
        const g = round(share * allowed)
        if (g > 0 && g <= largest) yield [w, a, g]
      }
    }
  }
}

test.run()
