import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ClippyAdagrad, type Gradient, type GradientAndVariable, step, Variable } from '../../../src/index.ts'
import { refuses, sameBits } from '../../support/assertions.ts'
import { arrayOf, limitsOf, precisions } from '../../support/precision.ts'
import { fails, untouched } from '../../support/untouched.ts'

// What the reference does in apply_gradients, row by row: each test says what we do.
const test = suite('reference/tables: applyGradients')

/** Runs the call and returns what it would have warned of. */
function warningsOf(call: () => void): string[] {
  const warnings: string[] = []
  const warn = console.warn
  console.warn = (text: string) => {
    warnings.push(text)
  }
  try {
    call()
  } finally {
    console.warn = warn
  }
  return warnings
}

/** A dense variable and a table, both known to an optimizer with weight decay. */
function built() {
  const w = new Variable([1, -2, 0.5], { name: 'w' })
  const table = new Variable([1, 2, 3, 4, 5, 6], { name: 'table', shape: [3, 2] })
  const optimizer = new ClippyAdagrad({ learningRate: 0.5, weightDecay: 0.1, exportClippingFactors: true })
  optimizer.applyGradients([
    [Float32Array.of(1, 2, 3), w],
    [new Float32Array(6).fill(1), table],
  ])
  const values = [w.value, table.value]
  const refused = (pairs: unknown, check: (call: () => unknown) => void) => {
    untouched(optimizer, values, () => check(() => optimizer.applyGradients(pairs as GradientAndVariable[])))
  }
  return { w, table, optimizer, refused }
}

const good = Float32Array.of(1, 1, 1)

test('an empty list is a no-op that returns the iterations and builds nothing', () => {
  const optimizer = new ClippyAdagrad()
  assert.is(optimizer.applyGradients([]), 0)
  assert.not(optimizer.built)
  const later = built().optimizer
  assert.is(later.applyGradients(new Map()), 1)
})

test('all gradients null is a RangeError, and the optimizer stays unbuilt', () => {
  const optimizer = new ClippyAdagrad()
  const [first, second] = [new Variable([1], { name: 'first' }), Float32Array.of(1)]
  const pairs: GradientAndVariable[] = [
    [null, first],
    [undefined, second],
  ]
  refuses(() => optimizer.applyGradients(pairs), RangeError, 'first', 'Variable')
  assert.not(optimizer.built)
})

test('some null: a warning; those variables have no update, decay or EMA and keep their factor, but have an accumulator', () => {
  const [first, second] = [new Variable([1], { name: 'first' }), new Variable([1], { name: 'second' })]
  const optimizer = new ClippyAdagrad({
    learningRate: 1,
    weightDecay: 0.1,
    useEma: true,
    emaMomentum: 0,
    exportClippingFactors: true,
  })
  const g = Float32Array.of(1)
  optimizer.applyGradients([
    [g, first],
    [g, second],
  ])
  const state = () => [second.value[0], optimizer.variables[2].value[0], ...optimizer.variables[5].value]
  const before = state()
  const factor = optimizer.clippingFactors[1]
  assert.ok(factor > 0 && factor < 1)
  const warnings = warningsOf(() => {
    optimizer.applyGradients([
      [g, first],
      [null, second],
    ])
  })
  assert.is(warnings.length, 1)
  assert.match(warnings[0], 'second')
  assert.not.match(warnings[0], 'first')
  assert.equal(state(), before)
  assert.is(optimizer.clippingFactors[1], factor)
  assert.is(optimizer.iterations, 2)
  // Without a gradient from the very first step on it has an accumulator all the same.
  const fresh = new ClippyAdagrad({ exportClippingFactors: true })
  warningsOf(() => {
    fresh.applyGradients([
      [g, first],
      [null, second],
    ])
  })
  assert.is(fresh.variables[3].name, 'ClippyAdagrad/accumulator/second')
  assert.equal(fresh.variables[3].value, Float32Array.of(0.1))
  assert.is(fresh.clippingFactors[1], 0)
})

test('malformed pairs, a swapped pair and what is not iterable are a TypeError that says what came', () => {
  const { w, refused } = built()
  refused(5, (call) => refuses(call, TypeError, '5', '[gradient, variable]'))
  refused('ab', (call) => refuses(call, TypeError, '"ab"'))
  refused({}, (call) => refuses(call, TypeError, 'an object'))
  refused([good, w], (call) => refuses(call, TypeError, '[0]', 'Float32Array'))
  refused([[good]], (call) => refuses(call, TypeError, '[0]', 'length 1'))
  refused([[good, w, 1]], (call) => refuses(call, TypeError, '[0]', 'length 3'))
  refused([[w, good]], (call) => refuses(call, TypeError, '[0]', 'order'))
  refused([[good, [1, -2, 0.5]]], (call) => refuses(call, TypeError, 'variable', 'length 3'))
  refused([[[1, 1, 1], w]], (call) => refuses(call, TypeError, 'gradient', 'length 3'))
  refused([[good, null]], (call) => refuses(call, TypeError, 'null'))
})

test('a variable unknown after build is an Error, and nothing has moved', () => {
  const { w, refused } = built()
  const unknown = new Variable([1], { name: 'unknown' })
  const pairs = [
    [good, w],
    [Float32Array.of(1), unknown],
  ]
  refused(pairs, (call) => fails(call, "'unknown'", 'build'))
  assert.is(unknown.value[0], 1)
})

test('a gradient of wrong length is a RangeError, of wrong precision a TypeError, and nothing has moved', () => {
  const { w, table, refused } = built()
  const beside = (gradient: Gradient) => [
    [good, w],
    [gradient, table],
  ]
  refused(beside(new Float32Array(5)), (call) => refuses(call, RangeError, "'table'", '5', '6'))
  refused(beside(new Float64Array(6)), (call) => refuses(call, TypeError, "'table'", 'Float64Array'))
  const sparse = (values: Float32Array | Float64Array) => beside({ indices: [0], values })
  refused(sparse(new Float32Array(3)), (call) => refuses(call, RangeError, "'table'", '3'))
  refused(sparse(new Float64Array(2)), (call) => refuses(call, TypeError, "'table'", 'Float64Array'))
})

test('the same variable twice in one call is a RangeError', () => {
  const { w, table, refused } = built()
  for (const again of [w, w.value]) {
    const pairs = [
      [good, w],
      [new Float32Array(6), table],
      [good, again],
    ]
    refused(pairs, (call) => refuses(call, RangeError, 'twice'))
  }
})

test('a sparse index out of range, negative or fractional is a RangeError, and nothing has moved', () => {
  const { w, table, refused } = built()
  for (const index of [3, -1, 0.5, Number.NaN, 2 ** 32]) {
    const pairs = [
      [good, w],
      [{ indices: [0, index], values: new Float32Array(4) }, table],
    ]
    refused(pairs, (call) => refuses(call, RangeError, "'table'", 'indices[1]', String(index)))
  }
})

test('a sparse gradient with no rows, or a variable of length 0: factor 1, nothing moves, iterations + 1', () => {
  const table = new Variable([1, 2], { name: 'table', shape: [2, 1] })
  const empty = new Float32Array(0)
  const optimizer = new ClippyAdagrad({ exportClippingFactors: true })
  const count = optimizer.applyGradients([
    [{ indices: [], values: new Float32Array(0) }, table],
    [new Float32Array(0), empty],
  ])
  assert.is(count, 1)
  assert.equal(optimizer.clippingFactors, [1, 1])
  assert.equal(table.value, Float32Array.of(1, 2))
  assert.equal(optimizer.variables[1].value, Float32Array.of(0.1, 0.1))
})

test('of repeated sparse rows the clip options see the raw ones; then they are summed', () => {
  const make = () => new Variable(Float64Array.of(1, 2, 3), { name: 'table', shape: [3, 1] })
  for (const [options, expected] of [
    [{ clipvalue: 1 }, 2],
    [{ clipnorm: 2.5 }, 3.5],
    [{ globalClipnorm: 2.5 }, 3.5],
  ] as const) {
    const [actual, summed] = [make(), make()]
    new ClippyAdagrad(options).applyGradients([[{ indices: [1, 1], values: Float64Array.of(3, 4) }, actual]])
    new ClippyAdagrad().applyGradients([[{ indices: [1], values: Float64Array.of(expected) }, summed]])
    sameBits(actual.value, summed.value, Object.keys(options)[0])
  }
})

for (const precision of precisions) {
  test(`the order: null dropped, clip, sum repeats, decay of all rows, update, EMA, overwrite, iterations + 1, constraint (${precision})`, () => {
    const dense = (...values: number[]) => arrayOf(precision, values)
    const { round } = limitsOf(precision)
    const start = [1, -2, 3, 0.25, -0.5, 8]
    const seen: number[] = []
    let optimizer: ClippyAdagrad | undefined
    const table = new Variable(dense(...start), {
      name: 'table',
      shape: [3, 2],
      constraint: (value) => {
        seen.push(optimizer?.iterations ?? -1, value[0])
        value[0] = 2
      },
    })
    const rest = new Variable(dense(100), { name: 'rest' })
    const options = { learningRate: 0.5, weightDecay: 0.25, globalClipnorm: 2, useEma: true, emaMomentum: 0.75 }
    optimizer = new ClippyAdagrad({ ...options, emaOverwriteFrequency: 2 })

    // The same by hand.
    const w = dense(...start)
    const accumulator = dense(...start).fill(0.1)
    const average = w.slice()
    for (let k = 1; k <= 4; k++) {
      const rows = dense(3, 0, 0, 1, 0, k)
      warningsOf(() => {
        const count = optimizer.applyGradients([
          [{ indices: [2, 0, 2], values: rows }, table],
          [null, rest],
        ])
        assert.is(count, k)
      })

      const norm = Math.sqrt(9 + 1 + k * k)
      const clipped = rows.map((g) => g * (2 / norm))
      const sums = dense(clipped[0] + clipped[4], clipped[1] + clipped[5], clipped[2], clipped[3])
      for (const [i, x] of w.entries()) w[i] = x - round(round(x * 0.25) * 0.5)
      // The scale of the clipping may differ in the last bit from ours: equality is to a few ulps below.
      step(w, accumulator, { indices: [2, 0], values: sums }, { learningRate: 0.5 })
      for (const [i, x] of w.entries()) average[i] = round(0.75 * average[i]) + round(0.25 * x)
      if (k % 2 === 0) w.set(average)
      const constrained = w[0]
      w[0] = 2

      const tolerance = precision === 'float32' ? 1e-6 : 1e-14
      const isClose = (actual: number, expected: number, what: string) => {
        assert.ok(Math.abs(actual - expected) <= tolerance * Math.abs(expected), `${what}: ${actual}, not ${expected}`)
      }
      for (const [i, x] of w.entries()) {
        isClose(table.value[i], x, `variable ${i} after step ${k}`)
        isClose(optimizer.variables[1].value[i], average[i], `average ${i} after step ${k}`)
        isClose(optimizer.variables[3].value[i], accumulator[i], `accumulator ${i} after step ${k}`)
      }
      assert.is(seen.length, 2 * k)
      assert.is(seen[2 * k - 2], k, 'the constraint runs when the step is counted')
      isClose(seen[2 * k - 1], constrained, 'what the constraint sees')
    }
    assert.equal([...rest.value], [100])
  })
}

test('it returns the new iteration count', () => {
  const optimizer = new ClippyAdagrad()
  optimizer.iterations = 41
  const w = Float32Array.of(1)
  assert.is(optimizer.applyGradients([[Float32Array.of(1), w]]), 42)
  assert.is(optimizer.applyGradients([[Float32Array.of(0), w]]), 43)
  assert.is(optimizer.iterations, 43)
})

test.run()
