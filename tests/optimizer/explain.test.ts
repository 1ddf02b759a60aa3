import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  ClippyAdagrad,
  type ClippyAdagradOptions,
  clippingBound,
  ExponentialDecay,
  type Gradient,
  type GradientAndVariable,
  PerReplica,
  Variable,
} from '../../src/index.ts'
import * as arbitraries from '../support/arbitraries.ts'
import { refuses, sameNumber } from '../support/assertions.ts'
import { modes } from '../support/case.ts'
import { arrayOf, limitsOf, type Precision, precisions } from '../support/precision.ts'
import { holds } from '../support/property.ts'
import { fails, untouched } from '../support/untouched.ts'

// explain: what a step would do, and which coordinate holds it back.
const test = suite('optimizer: explain')

function isClose(actual: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(actual - expected) <= tolerance * Math.abs(expected), `${actual} should be about ${expected}`)
}

test('with the default thresholds it points at the zeros: they hold their whole variable back', () => {
  const bias = new Variable([0.5, 0, -1, 0], { name: 'bias' })
  const kernel = new Variable([0.5, 0.25], { name: 'kernel' })
  const optimizer = new ClippyAdagrad({ learningRate: 0.1 })
  const [ofBias, ofKernel] = optimizer.explain([
    [Float32Array.of(0.1, 0.1, 0.1, 0.2), bias],
    [Float32Array.of(0.1, 0.1), kernel],
  ])
  assert.is(ofBias.name, 'bias')
  // Of the two zeros the one with the larger gradient.
  assert.is(ofBias.limiting?.index, 3)
  sameNumber(ofBias.limiting?.value ?? Number.NaN, 0, 'value')
  isClose(ofBias.limiting?.bound ?? 0, 1e-7, 1e-6)
  isClose(ofBias.limiting?.proposedChange ?? 0, -0.02 / Math.sqrt(0.1), 1e-6)
  isClose(ofBias.factor, (1e-7 * Math.sqrt(0.1)) / 0.02, 1e-5)
  assert.is(ofBias.shareOverBound, 0.5)
  assert.is(ofKernel.name, 'kernel')
  assert.is(ofKernel.limiting?.index, 1)
  assert.is(ofKernel.shareOverBound, 0.5)
  assert.ok(ofKernel.factor > 0.5 && ofKernel.factor < 1)
})

test('with the thresholds of the paper the same zeros may move', () => {
  const bias = Float32Array.of(0, 0, 0)
  const optimizer = new ClippyAdagrad({ learningRate: 0.01, variableRelativeThreshold: 0.5, absoluteThreshold: 0.01 })
  const [{ factor, shareOverBound, limiting }] = optimizer.explain([[Float32Array.of(0.1, -0.2, 0.3), bias]])
  assert.is(factor, 1)
  assert.is(shareOverBound, 0)
  // Nothing holds it back; the last coordinate comes closest to its bound.
  assert.is(limiting?.index, 2)
})

test('the share is that of the touched coordinates whose change alone would pass their bound', () => {
  const options = { learningRate: 1, initialAccumulatorValue: 1, epsilon: 0, absoluteThreshold: 0 }
  const optimizer = new ClippyAdagrad(options)
  const w = new Variable([1, 1, 1, 1, 1, 1, 1, 1], { name: 'w', shape: [4, 2] })
  const dense = Float32Array.of(0.05, -0.05, 0.2, -0.3, 0, 0, 0.0999, 5)
  assert.is(optimizer.explain([[dense, w]])[0].shareOverBound, 3 / 8)
  const sparse = { indices: [3, 1], values: Float32Array.of(0.05, 0.2, -0.2, 0.3) }
  assert.is(optimizer.explain([[sparse, w]])[0].shareOverBound, 3 / 4)
})

for (const precision of precisions) {
  const dense = (...values: number[]) => arrayOf(precision, values)

  test(`of a sparse gradient the index is that in the whole variable (${precision})`, () => {
    const table = new Variable(dense(9, 9, 9, 8, 8, 8, 7, 7, 7, 6, 5, 4), { name: 'table', shape: [4, 3] })
    const optimizer = new ClippyAdagrad({ learningRate: 1 })
    const rows = { indices: [3, 1], values: dense(0.1, 0.1, 0.1, 0.1, -2, 0.1) }
    const [{ limiting }] = optimizer.explain([[rows, table]])
    assert.equal([limiting?.index, limiting?.value], [4, 8])
    assert.ok(limiting !== undefined && limiting.proposedChange > 0)
    // Repeated rows count with their sum: here nothing is left of row 1.
    const repeated = { indices: [1, 3, 1], values: dense(1, -2, 1, 0.1, 0.1, 0.1, -1, 2, -1) }
    const [again] = optimizer.explain([[repeated, table]])
    assert.equal([again.limiting?.index, again.limiting?.value], [11, 4])
    assert.is(again.shareOverBound, 0)
  })

  test(`where nothing moves, nothing limits (${precision})`, () => {
    const optimizer = new ClippyAdagrad({ learningRate: 1 })
    const nothing: Gradient[] = [dense(0, -0), { indices: [], values: dense() }, { indices: [1], values: dense(0) }]
    for (const gradient of nothing) {
      const [explanation] = optimizer.explain([[gradient, new Variable(dense(1, 0), { name: 'w', shape: [2, 1] })]])
      assert.equal(explanation, { name: 'w', factor: 1, limiting: undefined, shareOverBound: 0 })
    }
    const [empty] = optimizer.explain([[dense(), dense()]])
    assert.equal(empty, { name: 'Variable', factor: 1, limiting: undefined, shareOverBound: 0 })
    const [off] = new ClippyAdagrad({ absoluteThreshold: Infinity }).explain([[dense(5, 6), dense(1, 0)]])
    assert.equal(off, { name: 'Variable', factor: 1, limiting: undefined, shareOverBound: 0 })
  })
}

test('an empty list has no explanations, nor has a step that would be skipped; pairs without a gradient are left out', () => {
  const [first, second] = [Float32Array.of(1), new Variable([1], { name: 'second' })]
  const optimizer = new ClippyAdagrad({ nonFiniteGradients: 'skip' })
  assert.equal(optimizer.explain([]), [])
  const warn = console.warn
  console.warn = () => {}
  const explained = optimizer.explain([
    [null, first],
    [Float32Array.of(1), second],
  ])
  console.warn = warn
  assert.equal(
    explained.map(({ name }) => name),
    ['second'],
  )
  assert.equal(optimizer.explain([[Float32Array.of(Number.NaN), first]]), [])
  assert.is(optimizer.skippedSteps, 0)
})

// Reads only.

const everything: ClippyAdagradOptions = {
  learningRate: new ExponentialDecay({ initialLearningRate: 2, decaySteps: 3, decayRate: 0.5 }),
  weightDecay: 0.1,
  clipnorm: 2,
  useEma: true,
  emaOverwriteFrequency: 2,
  exportClippingFactors: true,
}

/** Variables of both precisions, with dense, sparse and replicated gradients. */
function problem() {
  const variables = [
    new Variable([1, -2, 0.5], { name: 'dense' }),
    new Variable(Float64Array.of(1, -0, 3, 4, 5, 6), { name: 'table', shape: [3, 2] }),
    new Variable([0.01, 0.02], { name: 'bias', constraint: (value) => value.fill(1) }),
  ]
  const gradients = (k: number) => [
    Float32Array.of(k, 0.1, -3),
    { indices: [2, 0, 2], values: Float64Array.of(1, k, 0, 2, 0.5, 0.5) },
    new PerReplica([Float32Array.of(1, -k), { indices: [1], values: Float32Array.of(5) }]),
  ]
  const pairs = (k: number): GradientAndVariable[] => gradients(k).map((gradient, i) => [gradient, variables[i]])
  return { variables, values: variables.map(({ value }) => value), pairs }
}

test('it changes not one bit of variables, state, gradients or counts, and builds nothing', () => {
  const { variables, values, pairs } = problem()
  const optimizer = new ClippyAdagrad(everything)
  const given = pairs(1)
  const before = JSON.stringify(given)
  untouched(optimizer, values, () => {
    assert.is(optimizer.explain(given).length, 3)
  })
  assert.not(optimizer.built)
  assert.equal(optimizer.variables.length, 1)
  optimizer.iterations = 4
  optimizer.build(variables)
  for (let k = 1; k <= 3; k++) {
    untouched(optimizer, values, () => {
      assert.is(optimizer.explain(given).length, 3)
    })
    optimizer.applyGradients(given)
  }
  const clean = problem().pairs(1)
  assert.is(JSON.stringify(given.map(([gradient]) => gradient)), JSON.stringify(clean.map(([gradient]) => gradient)))
  assert.ok(before.length > 0)
})

test('asked before the first step and between steps, it does not change what the steps do', () => {
  const [asking, silent] = [problem(), problem()]
  const [optimizer, twin] = [new ClippyAdagrad(everything), new ClippyAdagrad(everything)]
  for (let k = 1; k <= 4; k++) {
    optimizer.explain(asking.pairs(k))
    optimizer.applyGradients(asking.pairs(k))
    twin.applyGradients(silent.pairs(k))
  }
  assert.equal(asking.values, silent.values)
  assert.equal(optimizer.variables, twin.variables)
})

// It explains the step that applyGradients would take.

test('its factors are those that the next step exports, bit for bit', () => {
  const { values, pairs } = problem()
  for (const mode of Object.values(modes)) {
    for (const clipping of [{}, { clipnorm: 0.5 }, { globalClipnorm: 0.5 }, { clipvalue: 0.3 }]) {
      const optimizer = new ClippyAdagrad({ ...everything, clipnorm: null, ...clipping, ...mode })
      optimizer.excludeFromWeightDecay({ varNames: ['bias'] })
      for (let k = 1; k <= 4; k++) {
        const factors = optimizer.explain(pairs(k)).map(({ factor }) => factor)
        optimizer.applyGradients(pairs(k))
        assert.equal(factors, optimizer.clippingFactors)
        assert.ok(factors.some((factor) => factor < 1))
      }
    }
  }
  assert.ok(values.every((value) => value.every(Number.isFinite)))
})

const anyInput = fc
  .oneof(
    arbitraries.ordinaryCase.map((input) => ({ input, isOrdinary: true })),
    arbitraries.hostileCase.map((input) => ({ input, isOrdinary: false })),
  )
  .filter(({ input: { accumulator } }) => accumulator.every((a) => a >= 0))

/** Any one variable, with a dense or sparse gradient of ordinary or hostile numbers. */
const anyStep = fc.record({
  given: anyInput,
  rows: fc.option(fc.array(fc.nat({ max: 32 }), { maxLength: 8 }), { nil: undefined }),
  clipvalue: fc.constantFrom(null, null, 1e-3, 10),
  weightDecay: fc.constantFrom(null, null, 0, 0.01),
})

test('for any finite variable, gradient and options it agrees with the step, and its parts agree with one another', () => {
  let clipped = 0
  let runs = 0
  holds(anyStep, ({ given: { input, isOrdinary }, rows, clipvalue, weightDecay }) => {
    runs++
    const { variable, accumulator, options } = input
    const precision: Precision = variable instanceof Float32Array ? 'float32' : 'float64'
    const named = (rows ?? []).filter((row) => row < variable.length)
    const values = arrayOf(
      precision,
      named.map((row) => input.gradient[row]),
    )
    const gradient: Gradient = rows === undefined ? input.gradient : { indices: named, values }
    const w = new Variable(variable.slice(), { name: 'w', shape: [variable.length, 1] })
    const start = accumulator.length > 0 ? accumulator[0] : 0.1
    const optimizer = new ClippyAdagrad({
      ...options,
      clipvalue,
      weightDecay,
      initialAccumulatorValue: start,
      exportClippingFactors: true,
    })
    optimizer.build([w])
    optimizer.variables[1].value.set(accumulator)
    let refused = false
    let explained: ReturnType<ClippyAdagrad['explain']> = []
    untouched(optimizer, [w.value], () => {
      try {
        explained = optimizer.explain([[gradient, w]])
      } catch (error) {
        // Repeated rows or a decayed value that overflow.
        assert.instance(error, RangeError)
        refused = true
      }
    })
    if (refused) {
      refuses(() => optimizer.applyGradients([[gradient, w]]), RangeError, "'w'")
      return
    }
    const before = w.value.slice()
    optimizer.applyGradients([[gradient, w]])
    const [{ factor, limiting, shareOverBound }] = explained
    sameNumber(optimizer.clippingFactors[0], factor, 'factor')
    assert.ok(shareOverBound >= 0 && shareOverBound <= 1)
    if (factor < 1) clipped++
    if (limiting === undefined) return
    const touched = rows === undefined ? limiting.index < variable.length : named.includes(limiting.index)
    assert.ok(touched, `${limiting.index} is not touched`)
    if (weightDecay === null) sameNumber(limiting.value, before[limiting.index], 'value')
    // Among the smallest and largest numbers of the type, change and bound are rounded too much to compare.
    if (!isOrdinary || accumulator[limiting.index] + options.epsilon < 1e-30) return
    const [change, bound] = [Math.abs(limiting.proposedChange), limiting.bound]
    isClose(factor, Math.min(1, bound / change), 4 * limitsOf(precision).factorTolerance)
    if (change > bound) assert.ok(factor < 1 && shareOverBound > 0)
  })
  if (runs >= 500) assert.ok(clipped > runs / 10, `only ${clipped} of ${runs} steps were clipped`)
})

test('value, change and bound are those of the update: after weight decay, with the clipped and summed gradient', () => {
  const options = { learningRate: 0.5, initialAccumulatorValue: 3, epsilon: 1, weightDecay: 0.5, clipvalue: 0.25 }
  const optimizer = new ClippyAdagrad(options)
  const table = new Variable(Float64Array.of(1, 2, 0.4), { name: 'table', shape: [3, 1] })
  const gradient = { indices: [2, 0, 2], values: Float64Array.of(7, -0.1, 0.1) }
  const [{ limiting, factor }] = optimizer.explain([[gradient, table]])
  assert.is(limiting?.index, 2)
  // 0.4 · (1 − 0.5 · 0.5); 0.25 + 0.1 of the gradient; √(3 + 1).
  isClose(limiting?.value ?? 0, 0.3, 1e-15)
  isClose(limiting?.proposedChange ?? 0, (-0.5 * 0.35) / 2, 1e-15)
  const [bound] = clippingBound(Float64Array.of(0.3), Float64Array.of(3), { epsilon: 1 })
  isClose(limiting?.bound ?? 0, bound, 1e-15)
  isClose(factor, bound / ((0.5 * 0.35) / 2), 1e-12)
})

test('in standard mode the bound and change are those with the updated accumulator', () => {
  const options = { learningRate: 1, initialAccumulatorValue: 9, epsilon: 0, accumulatorRelativeThreshold: 1 }
  const optimizer = new ClippyAdagrad({ ...options, useStandardAccumulatorUpdate: true, absoluteThreshold: 0 })
  const [{ limiting }] = optimizer.explain([[Float64Array.of(4), Float64Array.of(1)]])
  isClose(limiting?.proposedChange ?? 0, -4 / 5, 1e-15)
  isClose(limiting?.bound ?? 0, 0.1 + 1 / 5, 1e-12)
})

test('under a schedule the rate is that of the next step', () => {
  const learningRate = new ExponentialDecay({ initialLearningRate: 8, decaySteps: 1, decayRate: 0.5 })
  const optimizer = new ClippyAdagrad({ learningRate, initialAccumulatorValue: 1, epsilon: 0 })
  const w = Float64Array.of(1)
  const change = () => optimizer.explain([[Float64Array.of(1), w]])[0].limiting?.proposedChange
  assert.is(change(), -8)
  optimizer.applyGradients([[Float64Array.of(0), w]])
  assert.is(change(), -4)
})

test('it throws as applyGradients does, and changes nothing', () => {
  const [raw, named] = [Float32Array.of(1), new Variable([1, 2], { name: 'named' })]
  const bad: ReadonlyArray<[unknown, typeof RangeError | typeof TypeError, ...string[]]> = [
    [3, TypeError, '3'],
    [[3], TypeError, '3'],
    [[[named, Float32Array.of(1, 2)]], TypeError, 'order'],
    [[[Float32Array.of(1), named]], RangeError, 'named', 'length 1'],
    [[[Float64Array.of(1, 2), named]], TypeError, 'named', 'Float64Array'],
    [[[Float32Array.of(1, Number.NaN), named]], RangeError, 'named', 'gradient[1]', 'NaN'],
    [[[null, named]], RangeError, 'named'],
    [
      [
        [Float32Array.of(1), raw],
        [Float32Array.of(1), raw],
      ],
      RangeError,
      'twice',
    ],
  ]
  for (const isBuilt of [false, true]) {
    const optimizer = new ClippyAdagrad({ weightDecay: 0.1 })
    if (isBuilt) optimizer.build([raw, named])
    untouched(optimizer, [raw, named.value], () => {
      for (const [pairs, kind, ...words] of bad) {
        for (const method of ['explain', 'applyGradients'] as const) {
          // A first step that is refused late has built the optimizer; explain never does.
          if (method === 'applyGradients' && !isBuilt) continue
          refuses(() => optimizer[method](pairs as GradientAndVariable[]), kind, ...words)
        }
      }
      if (isBuilt) fails(() => optimizer.explain([[Float32Array.of(1), new Float32Array(1)]]), 'does not know')
    })
  }
})

test('its errors name the place in the whole variable and gradient, in the words of applyGradients', () => {
  const make = () => new Variable([1, 1, Number.NaN, 1], { name: 'w', shape: [4, 1] })
  const cases: GradientAndVariable[][] = [
    [[{ indices: [2], values: Float32Array.of(1) }, make()]],
    [[{ indices: [3], values: Float32Array.of(Number.NaN) }, make()]],
  ]
  const shared = Float32Array.of(1, 2, 3)
  cases.push([[shared.subarray(0, 2), shared.subarray(1, 3)]])
  for (const pairs of cases) {
    const messages = (['explain', 'applyGradients'] as const).map((method) => {
      try {
        new ClippyAdagrad()[method](pairs)
        return 'nothing was thrown'
      } catch (error) {
        return String(error)
      }
    })
    assert.is(messages[0], messages[1])
    assert.match(messages[0], 'Error')
  }
})

test('it warns of nothing, and leaves the warning to the step', () => {
  const warnings: string[] = []
  const warn = console.warn
  console.warn = (text: string) => {
    warnings.push(text)
  }
  try {
    const [first, second] = [Float32Array.of(1), Float32Array.of(1)]
    const pairs: GradientAndVariable[] = [
      [Float32Array.of(1), first],
      [null, second],
    ]
    const optimizer = new ClippyAdagrad()
    optimizer.explain(pairs)
    assert.is(warnings.length, 0)
    optimizer.applyGradients(pairs)
    assert.is(warnings.length, 1)
  } finally {
    console.warn = warn
  }
})

test('a change is worked out as the step does it: a + ε below the smallest normal number counts as that number', () => {
  const optimizer = new ClippyAdagrad({ epsilon: 0, initialAccumulatorValue: 0, learningRate: 1 })
  const [{ limiting }] = optimizer.explain([[Float64Array.of(1e-200), Float64Array.of(1)]])
  isClose(limiting?.proposedChange ?? 0, -1e-200 / 2 ** -511, 1e-12)
  const huge = new ClippyAdagrad({ epsilon: 1e30, initialAccumulatorValue: 0, learningRate: 1e300 })
  const [explained] = huge.explain([[Float64Array.of(1e10), Float64Array.of(1)]])
  isClose(explained.limiting?.proposedChange ?? 0, -1e295, 1e-12)
})

test.run()
