import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { clippingBound, step, updateVariable } from '../../src/index.ts'
import * as arbitraries from '../support/arbitraries.ts'
import { promise, refuses, sameBits } from '../support/assertions.ts'
import { type Case, caseOf, copyOf, modes, withOptions } from '../support/case.ts'
import { boundTooHigh, boundTooLow, exceedsDistance } from '../support/oracle.ts'
import { type FloatArray, limitsOf, precisionOf, precisions } from '../support/precision.ts'
import { holds } from '../support/property.ts'
import { preconditionedWith } from '../support/violations.ts'

const test = suite('clippingBound')

function movesWithin(input: Case, after: FloatArray, used: FloatArray): void {
  const bounds = clippingBound(input.variable, used, input.options)
  for (let i = 0; i < after.length; i++) {
    const within = !exceedsDistance(input.variable[i], after[i], bounds[i])
    promise(within, input, `[${i}] moved to ${after[i]}, further than ${bounds[i]}`)
  }
}

test('it is never above the real bound, and at most 2^-48 below it', () => {
  holds(
    arbitraries.anyCase,
    (input) => {
      const { variable, accumulator, options } = input
      const { smallestNormal } = limitsOf(precisionOf(variable))
      const bounds = clippingBound(variable, accumulator, options)
      for (let i = 0; i < variable.length; i++) {
        promise(
          !boundTooHigh(bounds[i], variable[i], accumulator[i], options),
          input,
          `[${i}] ${bounds[i]} is too high`,
        )
        const low = boundTooLow(bounds[i], variable[i], accumulator[i], options, smallestNormal)
        promise(!low, input, `[${i}] ${bounds[i]} is too low`)
      }
    },
    3000,
  )
})

for (const mode of Object.keys(modes) as (keyof typeof modes)[]) {
  test(`no step moves a coordinate further than it says (${mode} mode)`, () => {
    holds(arbitraries.anyCase, (drawn) => {
      const input = withOptions(drawn, modes[mode])
      const after = copyOf(input)
      step(after.variable, after.accumulator, after.gradient, after.options)
      movesWithin(input, after.variable, preconditionedWith(input, after))
    })
  })
}

test('updateVariable moves no coordinate further than it says, whatever the factor', () => {
  holds(
    arbitraries.anyCase.chain((input) => arbitraries.factor.map((factor) => ({ input, factor }))),
    ({ input, factor }) => {
      const after = copyOf(input)
      updateVariable(after.variable, after.accumulator, after.gradient, factor, after.options)
      movesWithin(input, after.variable, input.accumulator)
    },
    3000,
  )
})

test('it fills and returns the array it is given, with the same bits as without one', () => {
  holds(arbitraries.anyCase, ({ variable, accumulator, options }) => {
    const fresh = clippingBound(variable, accumulator, options)
    assert.ok(fresh instanceof Float64Array)
    const out = new Float64Array(variable.length).fill(Number.NaN)
    assert.is(clippingBound(variable, accumulator, options, out), out)
    sameBits(out, fresh, 'bound')
  })
})

test('it only reads the variable and the accumulator', () => {
  holds(arbitraries.anyCase, (input) => {
    const after = copyOf(input)
    clippingBound(after.variable, after.accumulator, after.options)
    sameBits(after.variable, input.variable, 'variable')
    sameBits(after.accumulator, input.accumulator, 'accumulator')
  })
})

test('an array of another length to write into is refused', () => {
  for (const precision of precisions) {
    const { variable, accumulator, options } = caseOf(precision, {
      variable: [1, 2],
      accumulator: [1, 1],
      gradient: [],
    })
    refuses(() => clippingBound(variable, accumulator, options, new Float64Array(3)), RangeError)
  }
})

test('it is infinite where the absolute threshold is', () => {
  const { variable, accumulator, options } = caseOf(
    'float32',
    { variable: [0, 1], accumulator: [0, 1], gradient: [] },
    { absoluteThreshold: Infinity },
  )
  assert.equal(Array.from(clippingBound(variable, accumulator, options)), [Infinity, Infinity])
})

test.run()
