import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { coordinateBound, coordinateFactor, stoppedAtBound } from '../../src/step/coordinate.ts'
import { squareBlock, updateBlock } from '../../src/step/loops/driver.ts'
import { anyCase, factor as anyFactor } from '../support/arbitraries.ts'
import { promise } from '../support/assertions.ts'
import { hyperparametersOf, kernelBlock, portableBlock } from '../support/blocks.ts'
import { caseOf } from '../support/case.ts'
import { boundTooHigh, exactFactor, exceedsDistance, factorIsRight } from '../support/oracle.ts'
import { limitsOf, precisionOf, precisions } from '../support/precision.ts'
import { holds } from '../support/property.ts'

const test = suite('one coordinate with care')

test('its factor is the exact one, and its bound never above the real one', () => {
  holds(anyCase, (input) => {
    const { variable, accumulator, gradient, options } = input
    const h = hyperparametersOf(input)
    const { factorTolerance } = limitsOf(precisionOf(variable))
    for (let i = 0; i < variable.length; i++) {
      const [w, a, g] = [variable[i], accumulator[i], gradient[i]]
      const single = (array: typeof variable) => array.subarray(i, i + 1)
      const exact = exactFactor(single(variable), single(accumulator), single(gradient), options)
      const factor = coordinateFactor(w, a, g, h)
      promise(factorIsRight(factor, exact, factorTolerance), input, `[${i}] the factor is ${factor}, not ${exact}`)
      promise(!boundTooHigh(coordinateBound(w, a, h), w, a, options), input, `[${i}] the bound is too high`)
    }
  })
})

test('it stops within its bound from any proposal, finite or not, on the way that the gradient sends it', () => {
  const wild = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY))
  holds(fc.tuple(anyCase, anyFactor, wild), ([input, factor, proposal]) => {
    const { variable, accumulator, gradient } = input
    const h = hyperparametersOf(input)
    const { largest } = limitsOf(precisionOf(variable))
    for (let i = 0; i < variable.length; i++) {
      const [w, a, g] = [variable[i], accumulator[i], gradient[i]]
      const next = stoppedAtBound(w, a, g, factor, h.precision.round(proposal), h)
      promise(!exceedsDistance(w, next, coordinateBound(w, a, h)), input, `[${i}] went to ${next}`)
      promise(Math.abs(next) <= largest, input, `[${i}] went to ${next}`)
    }
  })
})

test('what is not finite, or a + ε below zero, has no factor', () => {
  const bad = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const precision of precisions) {
    for (const set of [{}, { absoluteThreshold: Number.POSITIVE_INFINITY }, { learningRate: 0 }, { epsilon: 0 }]) {
      const h = hyperparametersOf(caseOf(precision, { variable: [1], accumulator: [1], gradient: [1] }, set))
      for (const g of [0, 1]) {
        for (const x of bad) {
          for (const [w, a, gradient] of [
            [x, 1, g],
            [1, x, g],
            [1, 1, x],
          ]) {
            assert.ok(Number.isNaN(coordinateFactor(w, a, gradient, h)))
          }
        }
        assert.ok(Number.isNaN(coordinateFactor(1, -1, g, h)))
      }
    }
  }
})

// Another thread, or a hook, may write between the passes, when everything has been checked.

test('what is not finite after all brings an update to no wait, and moves no variable beyond what is finite', () => {
  const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 1, -1, 1e30]
  for (const precision of precisions) {
    for (const set of [
      {},
      { accumulatorRelativeThreshold: 0.1 },
      { absoluteThreshold: 0, variableRelativeThreshold: 1e-310 },
      { absoluteThreshold: Number.POSITIVE_INFINITY },
    ]) {
      const [variable, accumulator, gradient]: number[][] = [[], [], []]
      for (const w of values) {
        for (const a of values) {
          for (const g of values) {
            variable.push(w)
            accumulator.push(a)
            gradient.push(g)
          }
        }
      }
      const input = caseOf(precision, { variable, accumulator, gradient }, set)
      const h = hyperparametersOf(input)
      for (const block of [portableBlock(input), kernelBlock(input)]) {
        for (const factor of [0, 0.5, 1]) {
          updateBlock(block, factor, true, h)
          squareBlock(block, factor, h)
        }
        for (let i = 0; i < variable.length; i++) {
          if (!Number.isFinite(variable[i])) continue
          assert.ok(Number.isFinite(block.variable[i]), `${variable[i]}, ${accumulator[i]}, ${gradient[i]}`)
        }
      }
    }
  }
})

test.run()
