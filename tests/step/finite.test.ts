import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { clippingBound, clippingFactor, step, updateAccumulator, updateVariable } from '../../src/index.ts'
import * as arbitraries from '../support/arbitraries.ts'
import { promise } from '../support/assertions.ts'
import { type Case, caseOf, copyOf } from '../support/case.ts'
import { type FloatArray, limitsOf, precisionOf, precisions } from '../support/precision.ts'
import { holds } from '../support/property.ts'

// Promise 2: finite in, finite out.
const test = suite('finite')

function allFinite(input: Case, array: FloatArray, name: string): void {
  for (let i = 0; i < array.length; i++) promise(Number.isFinite(array[i]), input, `${name}[${i}] became ${array[i]}`)
}

test('a step on finite numbers gives finite variables, finite accumulators and a factor in [0, 1]', () => {
  holds(
    arbitraries.anyCase,
    (input) => {
      const after = copyOf(input)
      const factor = step(after.variable, after.accumulator, after.gradient, after.options)
      promise(factor >= 0 && factor <= 1, input, `the factor is ${factor}`)
      allFinite(input, after.variable, 'variable')
      allFinite(input, after.accumulator, 'accumulator')
    },
    3000,
  )
})

test('each part alone keeps finite numbers finite', () => {
  holds(
    arbitraries.anyCase.chain((input) => arbitraries.factor.map((factor) => ({ input, factor }))),
    (drawn) => {
      const { input, factor } = drawn
      const after = copyOf(input)
      const found = clippingFactor(after.variable, after.accumulator, after.gradient, after.options)
      promise(found >= 0 && found <= 1, input, `the factor is ${found}`)
      updateVariable(after.variable, after.accumulator, after.gradient, factor, after.options)
      updateAccumulator(after.accumulator, after.gradient, factor)
      allFinite(input, after.variable, `with factor ${factor}, variable`)
      allFinite(input, after.accumulator, `with factor ${factor}, accumulator`)
    },
  )
})

test('clippingBound is never NaN and never negative, and infinite only when the absolute threshold is', () => {
  holds(arbitraries.anyCase, (input) => {
    for (const bound of clippingBound(input.variable, input.accumulator, input.options)) {
      const right = bound >= 0 && (Number.isFinite(bound) || input.options.absoluteThreshold === Infinity)
      promise(right, input, `a bound is ${bound}`)
    }
  })
})

for (const precision of precisions) {
  const { largest } = limitsOf(precision)

  test(`g² beyond the largest finite number leaves the accumulator there (${precision})`, () => {
    const input = caseOf(precision, {
      variable: [1, 1, 1],
      accumulator: [0.1, largest, largest],
      gradient: [largest, 1, -largest],
    })
    updateAccumulator(input.accumulator, input.gradient)
    assert.equal(Array.from(input.accumulator), [largest, largest, largest])
    assert.is(precisionOf(input.accumulator), precision)
  })

  test(`a thousand steps at the largest gradient stay finite (${precision})`, () => {
    for (const useStandardAccumulatorUpdate of [false, true]) {
      const { variable, accumulator, gradient, options } = caseOf(
        precision,
        { variable: [largest, -largest, 1, 0], accumulator: [0, 0, 0, 0], gradient: [-largest, largest, largest, 1] },
        { useStandardAccumulatorUpdate, learningRate: 1e3, variableRelativeThreshold: 2 },
      )
      for (let i = 0; i < 1000; i++) step(variable, accumulator, gradient, options)
      assert.ok([...variable, ...accumulator].every(Number.isFinite))
    }
  })
}

test.run()
