import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  ClippyAdagrad,
  CosineDecay,
  clippingFactor,
  ExponentialDecay,
  PiecewiseConstantDecay,
  step,
  Variable,
} from '../../../src/index.ts'
import { boundViolation } from '../../../src/testing/index.ts'
import * as arbitraries from '../../support/arbitraries.ts'
import { refuses, sameBits, sameNumber } from '../../support/assertions.ts'
import { type Case, caseOf, copyOf, modes, withOptions } from '../../support/case.ts'
import { naiveStep } from '../../support/naive.ts'
import { exactFactor } from '../../support/oracle.ts'
import { plainAdagrad } from '../../support/plain-adagrad.ts'
import { arrayOf, type FloatArray, limitsOf, type Precision, precisionOf, precisions } from '../../support/precision.ts'
import { holds } from '../../support/property.ts'
import { Random } from '../../support/random.ts'
import { untouched } from '../../support/untouched.ts'

// Where the reference's numbers go wrong, row by row: each test says what we do.
const test = suite('reference/tables: numbers')

function stepped({ variable, accumulator, gradient, options }: Case): number {
  return step(variable, accumulator, gradient, options)
}

for (const [name, value] of [
  ['NaN', Number.NaN],
  ['∞', Number.POSITIVE_INFINITY],
  ['−∞', Number.NEGATIVE_INFINITY],
] as const) {
  test(`${name} in one gradient coordinate throws and nothing has moved, or skips the step`, () => {
    for (const mode of Object.values(modes)) {
      for (const clipping of [{}, { globalClipnorm: 1 }]) {
        const [first, second] = [Float32Array.of(1, 2), new Variable([3, 4], { name: 'second' })]
        const pairs = (): [FloatArray, FloatArray | Variable][] => [
          [Float32Array.of(1, 1), first],
          [Float32Array.of(1, value), second],
        ]
        const optimizer = new ClippyAdagrad({ ...mode, ...clipping })
        optimizer.build([first, second])
        untouched(optimizer, [first, second.value], () => {
          refuses(() => optimizer.applyGradients(pairs()), RangeError, "'second'", 'gradient[1]', String(value))
        })
        const lenient = new ClippyAdagrad({ ...mode, ...clipping, nonFiniteGradients: 'skip' })
        assert.is(lenient.applyGradients(pairs()), 0)
        assert.is(lenient.skippedSteps, 1)
        assert.equal([...first, ...second.value], [1, 2, 3, 4])
      }
    }
  })
}

test('g² that overflows float32 saturates the accumulator: it stays finite, and the coordinate is not frozen for ever', () => {
  const { largest } = limitsOf('float32')
  const optimizer = new ClippyAdagrad({ learningRate: 1, absoluteThreshold: Infinity })
  const w = Float32Array.of(1, 1)
  optimizer.applyGradients([[Float32Array.of(1e30, 1), w]])
  assert.is(optimizer.variables[1].value[0], largest)
  w[0] = 1
  optimizer.applyGradients([[Float32Array.of(1e20, 1), w]])
  // 1 − 1e20 / √3.4e38
  assert.ok(Math.abs(w[0] + 4.42) < 0.01, String(w[0]))
})

test('accumulator + ε = 0 with g = 0: that coordinate stays, and the others move', () => {
  for (const precision of precisions) {
    for (const mode of Object.values(modes)) {
      const values = { variable: [5, 1], accumulator: [0, 1], gradient: [0, 0.01] }
      const input = caseOf(precision, values, { epsilon: 0, ...mode })
      const after = copyOf(input)
      sameNumber(stepped(after), 1, 'factor')
      sameNumber(after.variable[0], 5, 'variable')
      assert.ok(after.variable[1] < 1)
    }
  }
})

test('a factor where bound / |Δ| is subnormal is not flushed to 0', () => {
  const values = { variable: [0], accumulator: [1], gradient: [1e30] }
  const options = { learningRate: 1, epsilon: 0, variableRelativeThreshold: 0, absoluteThreshold: 1e-12 }
  const input = caseOf('float32', values, options)
  const exact = exactFactor(input.variable, input.accumulator, input.gradient, input.options)
  assert.ok(exact < limitsOf('float32').smallestNormal)
  const factor = clippingFactor(input.variable, input.accumulator, input.gradient, input.options)
  assert.ok(Math.abs(factor - exact) <= 2e-6 * exact, `${factor}, not ${exact}`)
  // Nor is the factor that an optimizer exports, or the one whose reciprocal float32 could not even hold.
  const optimizer = new ClippyAdagrad({ ...options, initialAccumulatorValue: 1, exportClippingFactors: true })
  optimizer.applyGradients([[input.gradient, input.variable]])
  sameNumber(optimizer.clippingFactors[0], factor, 'exported')
  const smaller = caseOf('float32', { ...values, gradient: [3e38] }, { ...options, absoluteThreshold: 1e-30 })
  assert.ok(clippingFactor(smaller.variable, smaller.accumulator, smaller.gradient, smaller.options) > 0)
})

/** Clipped steps as in training, of 16 coordinates. */
function randomCase(random: Random, precision: Precision, options: Partial<Case['options']>): Case {
  const list = (value: () => number) => Array.from({ length: 16 }, value)
  const sign = () => (random.chance(0.5) ? 1 : -1)
  return caseOf(
    precision,
    {
      variable: list(() => sign() * random.between(1e-3, 2)),
      accumulator: list(() => random.between(0.1, 5)),
      gradient: list(() => sign() * random.between(0.01, 30)),
    },
    { learningRate: 0.1, ...options },
  )
}

test('the bound, checked exactly, is never broken; the reference breaks it in about half of its clipped variables', () => {
  const random = new Random(2302)
  let clipped = 0
  let naive = 0
  for (const precision of precisions) {
    for (const variableRelativeThreshold of [0.1, 1e-3, 1e-6]) {
      for (let k = 0; k < 100; k++) {
        const input = randomCase(random, precision, { variableRelativeThreshold })
        const breaks = (after: Case) =>
          boundViolation(input.variable, after.variable, input.accumulator, input.options) !== undefined
        const [ours, theirs] = [copyOf(input), copyOf(input)]
        if (stepped(ours) < 1) clipped++
        assert.not(breaks(ours))
        naiveStep(theirs)
        if (breaks(theirs)) naive++
      }
    }
  }
  assert.ok(clipped > 500, `only ${clipped} were clipped`)
  assert.ok(naive > 200, `the plain float32 recipe broke only ${naive}, so this proves little`)
})

test('√ and ÷ are correctly rounded, in float32 too: an unclipped step is plain Adagrad to the bit', () => {
  holds(arbitraries.ordinaryCase, (drawn) => {
    const input = withOptions(drawn, { absoluteThreshold: Infinity })
    if (input.accumulator.some((a) => a < 0)) return
    const expected = copyOf(input)
    plainAdagrad(expected)
    sameNumber(stepped(input), 1, 'factor')
    sameBits(input.variable, expected.variable, 'variable')
    sameBits(input.accumulator, expected.accumulator, 'accumulator')
  })
})

test('float64 variables get learning rate, ε and weight decay as full doubles, not rounded to float32', () => {
  const exact = new ClippyAdagrad({
    learningRate: 0.1,
    epsilon: 0.3,
    weightDecay: 0.7,
    initialAccumulatorValue: 0,
    absoluteThreshold: Infinity,
  })
  const w = Float64Array.of(2)
  exact.applyGradients([[Float64Array.of(1), w]])
  const decayed = 2 - 2 * 0.7 * 0.1
  sameNumber(w[0], decayed - 0.1 / Math.sqrt(0.3), 'variable')
  // To compare with the reference one rounds them first.
  const rounded = new ClippyAdagrad({
    learningRate: Math.fround(0.1),
    epsilon: Math.fround(0.3),
    weightDecay: Math.fround(0.7),
    initialAccumulatorValue: 0,
    absoluteThreshold: Infinity,
  })
  const v = Float64Array.of(2)
  rounded.applyGradients([[Float64Array.of(1), v]])
  assert.ok(v[0] !== w[0] && Math.abs(v[0] - w[0]) < 1e-7)
})

test('schedules are computed in double; the boundaries of PiecewiseConstantDecay are inclusive', () => {
  const exponential = new ExponentialDecay({ initialLearningRate: 0.1, decaySteps: 1000, decayRate: 0.96 })
  sameNumber(exponential.at(12345), 0.1 * 0.96 ** 12.345, 'exponential')
  const cosine = new CosineDecay({ initialLearningRate: 0.1, decaySteps: 1000 })
  const expected = 0.1 * 0.5 * (1 + Math.cos(Math.PI * 0.333))
  assert.ok(Math.abs(cosine.at(333) - expected) <= 1e-15 * expected)
  assert.is.not(Math.fround(exponential.at(12345)), exponential.at(12345))
  const piecewise = new PiecewiseConstantDecay({ boundaries: [10, 20], values: [1, 0.5, 0.25] })
  assert.equal(
    [0, 10, 11, 20, 21].map((count) => piecewise.at(count)),
    [1, 1, 0.5, 0.5, 0.25],
  )
})

test('an independent recomputation agrees: one step within 1e-5 in float32 and 1e-12 in float64, 20 steps within 3e-5', () => {
  const random = new Random(9178)
  const tolerances = { float32: [1e-5, 3e-5], float64: [1e-12, 1e-12] } as const
  for (const precision of precisions) {
    const [ofAStep, ofARun] = tolerances[precision]
    for (let k = 0; k < 50; k++) {
      const start = randomCase(random, precision, { variableRelativeThreshold: 0.1, absoluteThreshold: 0.01 })
      const [ours, theirs] = [copyOf(start), copyOf(start)]
      for (let count = 0; count < 20; count++) {
        const gradient = arrayOf(
          precision,
          start.gradient.map((g) => g * random.between(-1, 1)),
        )
        const again = { ...copyOf(ours), gradient }
        agree(ours, { ...ours, gradient }, again, ofAStep)
        const before = copyOf(ours)
        const factor = stepped({ ...ours, gradient })
        assert.ok(factor > 0 && factor <= 1)
        naiveStep({ ...theirs, gradient })
        isWithin(before.variable, ours.variable, theirs.variable, ofARun)
        isWithin(before.accumulator, ours.accumulator, theirs.accumulator, ofARun)
      }
    }
  }
})

/** Our step from this state and the plain one agree; leaves the state alone. */
function agree(before: Case, given: Case, copy: Case, tolerance: number): void {
  const ours = copyOf(given)
  const factor = stepped(ours)
  const plain = naiveStep(copy)
  assert.ok(Math.abs(factor - plain) <= tolerance * plain, `factor ${factor}, not ${plain}`)
  isWithin(before.variable, ours.variable, copy.variable, tolerance)
  isWithin(before.accumulator, ours.accumulator, copy.accumulator, tolerance)
}

/** Relative to the larger of the values before and after. */
function isWithin(before: FloatArray, actual: FloatArray, expected: FloatArray, tolerance: number): void {
  assert.is(precisionOf(actual), precisionOf(expected))
  for (const [i, x] of expected.entries()) {
    const scale = Math.max(Math.abs(before[i]), Math.abs(x))
    assert.ok(Math.abs(actual[i] - x) <= tolerance * scale, `[${i}] is ${actual[i]}, not ${x}`)
  }
}

test.run()
