import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { step, updateVariable } from '../../src/index.ts'
import * as arbitraries from '../support/arbitraries.ts'
import { promise } from '../support/assertions.ts'
import { type Case, copyOf, defaults } from '../support/case.ts'
import { moveIsRight } from '../support/move-oracle.ts'
import { type FloatArray, precisionOf, precisions } from '../support/precision.ts'
import { holds } from '../support/property.ts'
import { preconditionedWith } from '../support/violations.ts'

// The bound is an upper limit; these tests say that the variable really goes where the formula sends it.
const test = suite('the move')

function goesWhereItShould(input: Case, used: FloatArray, factor: number, after: FloatArray): void {
  const { variable, gradient, options } = input
  for (let i = 0; i < after.length; i++) {
    const move = { before: variable[i], accumulator: used[i], gradient: gradient[i], factor, options }
    const right = moveIsRight(after[i], precisionOf(variable), move)
    promise(right, input, `with factor ${factor}, [${i}] went to ${after[i]}`)
  }
}

for (const [name, cases] of [
  ['ordinary', arbitraries.ordinaryCase],
  ['hostile', arbitraries.hostileCase],
] as const) {
  test(`a step takes every coordinate to w − factor · Δ (${name} input)`, () => {
    holds(cases, (input) => {
      const after = copyOf(input)
      const factor = step(after.variable, after.accumulator, after.gradient, after.options)
      goesWhereItShould(input, preconditionedWith(input, after), factor, after.variable)
    })
  })

  test(`updateVariable takes every coordinate to w − factor · Δ or to its bound (${name} input)`, () => {
    holds(
      cases.chain((input) => arbitraries.factor.map((factor) => ({ input, factor }))),
      ({ input, factor }) => {
        const after = copyOf(input)
        updateVariable(after.variable, after.accumulator, after.gradient, factor, after.options)
        goesWhereItShould(input, input.accumulator, factor, after.variable)
      },
    )
  })
}

test('this oracle can fail: no move, half a move and a move the wrong way are seen', () => {
  const move = { before: 1, accumulator: 1, gradient: 8, factor: 0.5 }
  const options = { ...defaults, epsilon: 0, learningRate: 0.01 }
  for (const precision of precisions) {
    const judged = (after: number) => moveIsRight(Math.fround(after), precision, { ...move, options })
    for (const wrong of [1, 0.98, 1.04, 0.96 + 1e-5]) assert.not(judged(wrong), `${precision}: ${wrong}`)
    assert.ok(moveIsRight(precision === 'float32' ? Math.fround(0.96) : 0.96, precision, { ...move, options }))
  }
})

test.run()
