import type fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { step, updateVariable } from '../../src/index.ts'
import { boundViolation } from '../../src/testing/index.ts'
import * as arbitraries from '../support/arbitraries.ts'
import { promise } from '../support/assertions.ts'
import { type Case, caseOf, copyOf, describeCase, modes, withOptions } from '../support/case.ts'
import { hostileCase } from '../support/hostile.ts'
import { plainCheck } from '../support/oracle.ts'
import { type FloatArray, precisions } from '../support/precision.ts'
import { holds } from '../support/property.ts'
import { Random } from '../support/random.ts'
import { preconditionedWith, violations } from '../support/violations.ts'

// Promise 1: |w′ − w| ≤ |w| · variableRelative + accumulatorRelative / √(a + ε) + absolute, in real arithmetic.
const test = suite('the bound')

const inputs: ReadonlyArray<[name: string, cases: fc.Arbitrary<Case>]> = [
  ['ordinary', arbitraries.ordinaryCase],
  ['hostile', arbitraries.hostileCase],
]

function staysWithin(input: Case, used: FloatArray, after: FloatArray): void {
  const tooFar = boundViolation(input.variable, after, used, input.options)
  promise(tooFar === undefined, input, `moved past its bound: ${JSON.stringify(tooFar)}`)
}

for (const [name, cases] of inputs) {
  for (const mode of Object.keys(modes) as (keyof typeof modes)[]) {
    test(`no coordinate moves past its exact bound (${mode} mode, ${name} input)`, () => {
      holds(cases, (drawn) => {
        const input = withOptions(drawn, modes[mode])
        const after = copyOf(input)
        step(after.variable, after.accumulator, after.gradient, after.options)
        staysWithin(input, preconditionedWith(input, after), after.variable)
      })
    })
  }

  test(`the same with an accumulator threshold of 0 passes the plain check in double arithmetic (${name} input)`, () => {
    holds(cases, (drawn) => {
      const input = withOptions(drawn, { accumulatorRelativeThreshold: 0 })
      const after = copyOf(input)
      step(after.variable, after.accumulator, after.gradient, after.options)
      staysWithin(input, preconditionedWith(input, after), after.variable)
      for (let i = 0; i < after.variable.length; i++) {
        const passes = plainCheck(input.variable[i], after.variable[i], input.options)
        promise(passes, input, `[${i}] fails the plain check with ${after.variable[i]}`)
      }
    })
  })

  test(`updateVariable keeps every coordinate within its bound for any factor (${name} input)`, () => {
    holds(
      cases.chain((input) => arbitraries.factor.map((factor) => ({ input, factor }))),
      ({ input, factor }) => {
        const after = copyOf(input)
        updateVariable(after.variable, after.accumulator, after.gradient, factor, after.options)
        staysWithin(input, input.accumulator, after.variable)
      },
    )
  })
}

test('a fixed stretch of the fuzz run finds nothing', () => {
  const random = new Random(20230217)
  let coordinates = 0
  while (coordinates < 100_000) {
    const input = hostileCase(random)
    const found = violations(input, random, random.chance(0.1))
    for (const { what, index } of found) assert.unreachable(`[${index}] ${what}\n${describeCase(input)}`)
    coordinates += input.variable.length
  }
})

for (const precision of precisions) {
  test(`a bound below half an ulp of the variable keeps it where it is (${precision})`, () => {
    const set = { variableRelativeThreshold: 1e-17, absoluteThreshold: 0, learningRate: 1 }
    const { variable, accumulator, gradient, options } = caseOf(
      precision,
      { variable: [1, -3, 0.1], accumulator: [0.1, 0.1, 0.1], gradient: [1, -1, 1] },
      set,
    )
    const before = variable.slice()
    step(variable, accumulator, gradient, options)
    assert.equal(variable, before)
  })

  test(`a clipped step does move, and nearly as far as it may (${precision})`, () => {
    const { variable, accumulator, gradient, options } = caseOf(
      precision,
      { variable: [2], accumulator: [0.1], gradient: [100] },
      { learningRate: 1, absoluteThreshold: 0 },
    )
    step(variable, accumulator, gradient, options)
    assert.ok(Math.abs(variable[0] - 1.8) <= 1e-6 && variable[0] >= 1.8)
  })
}

test.run()
