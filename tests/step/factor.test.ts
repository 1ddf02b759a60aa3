import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { clippingFactor, step } from '../../src/index.ts'
import * as arbitraries from '../support/arbitraries.ts'
import { promise, sameNumber } from '../support/assertions.ts'
import { type Case, caseOf, copyOf } from '../support/case.ts'
import { exactFactor, factorIsRight } from '../support/oracle.ts'
import { type FloatArray, limitsOf, precisionOf, precisions } from '../support/precision.ts'
import { holds } from '../support/property.ts'
import { preconditionedWith } from '../support/violations.ts'

const test = suite('the factor')

function isRight(factor: number, input: Case, used: FloatArray): void {
  const exact = exactFactor(input.variable, used, input.gradient, input.options)
  const { factorTolerance } = limitsOf(precisionOf(input.variable))
  promise(factorIsRight(factor, exact, factorTolerance), input, `the factor is ${factor}, the exact one ${exact}`)
}

for (const [name, cases] of [
  ['ordinary', arbitraries.ordinaryCase],
  ['hostile', arbitraries.hostileCase],
] as const) {
  test(`the factor is in [0, 1], close to the exact one, and 0 only where that is (${name} input)`, () => {
    holds(
      cases,
      (input) => {
        isRight(
          clippingFactor(input.variable, input.accumulator, input.gradient, input.options),
          input,
          input.accumulator,
        )
      },
      3000,
    )
  })

  test(`step returns the factor that belongs to its mode (${name} input)`, () => {
    holds(cases, (input) => {
      const after = copyOf(input)
      const factor = step(after.variable, after.accumulator, after.gradient, after.options)
      isRight(factor, input, preconditionedWith(input, after))
    })
  })

  test(`clippingFactor only reads (${name} input)`, () => {
    holds(cases, (input) => {
      const after = copyOf(input)
      clippingFactor(after.variable, after.accumulator, after.gradient, after.options)
      assert.equal(after, input)
    })
  })
}

test('the smallest ratio decides, wherever it stands', () => {
  for (const precision of precisions) {
    for (let length = 1; length <= 33; length++) {
      for (let at = 0; at < length; at++) {
        const gradient = Array.from({ length }, (_, i) => (i === at ? 64 : 1))
        const ones = gradient.map(() => 1)
        const set = { learningRate: 1, epsilon: 0, variableRelativeThreshold: 0.5, absoluteThreshold: 0 }
        const input = caseOf(precision, { variable: ones, accumulator: ones, gradient }, set)
        isRight(
          clippingFactor(input.variable, input.accumulator, input.gradient, input.options),
          input,
          input.accumulator,
        )
      }
    }
  }
})

test('the smallest ratio decides also where lr · factor is too small for a double', () => {
  const set = { learningRate: 1e-300, epsilon: 0, variableRelativeThreshold: 0, absoluteThreshold: 1e-40 }
  for (const gradient of [
    [1e298, 1e307],
    [1e307, 1e298],
  ]) {
    const input = caseOf('float64', { variable: [0, 0], accumulator: [1, 1], gradient }, set)
    isRight(clippingFactor(input.variable, input.accumulator, input.gradient, input.options), input, input.accumulator)
  }
})

test('a coordinate without a gradient, or a learning rate of 0, holds nothing back', () => {
  for (const precision of precisions) {
    const values = { variable: [0, 1], accumulator: [1, 1], gradient: [0, 1e-6] }
    const still = caseOf(precision, values, { absoluteThreshold: 0 })
    sameNumber(clippingFactor(still.variable, still.accumulator, still.gradient, still.options), 1, 'factor')
    const moving = { ...values, gradient: [5, 5] }
    const stopped = caseOf(precision, moving, { absoluteThreshold: 0, learningRate: 0 })
    sameNumber(clippingFactor(stopped.variable, stopped.accumulator, stopped.gradient, stopped.options), 1, 'factor')
  }
})

test.run()
