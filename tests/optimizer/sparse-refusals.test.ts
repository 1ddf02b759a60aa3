import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  ClippyAdagrad,
  clippingFactor,
  type Gradient,
  step,
  updateAccumulator,
  updateVariable,
  Variable,
} from '../../src/index.ts'
import { bytesOf, sameBytes } from '../support/assertions.ts'
import { arrayOf, type FloatArray, type Precision, precisions } from '../support/precision.ts'
import { type ErrorKind, throwsKind } from './support/refusal.ts'

const test = suite('refused sparse gradients')

/** A table of three rows of two, its accumulator, and another variable that comes before it in a step of two. */
interface Tables {
  readonly variable: FloatArray
  readonly accumulator: FloatArray
}

function tables(precision: Precision): Tables {
  return {
    variable: arrayOf(precision, [1, 2, 3, 4, 5, 6]),
    accumulator: arrayOf(precision, [0.5, 0.5, 0.5, 0.5, 0.5, 0.5]),
  }
}

/** Every function that takes a sparse gradient. */
const calls: Readonly<Record<string, (tables: Tables, gradient: Gradient) => unknown>> = {
  step: ({ variable, accumulator }, gradient) => step(variable, accumulator, gradient),
  clippingFactor: ({ variable, accumulator }, gradient) => clippingFactor(variable, accumulator, gradient),
  updateVariable: ({ variable, accumulator }, gradient) => updateVariable(variable, accumulator, gradient, 0.5),
  updateAccumulator: ({ accumulator }, gradient) => updateAccumulator(accumulator, gradient),
}

interface Fault {
  readonly what: string
  readonly kind: ErrorKind
  readonly words: readonly string[]
  readonly gradient: (precision: Precision) => unknown
}

function ones(precision: Precision, count: number): FloatArray {
  return arrayOf(precision, new Array<number>(count).fill(1))
}

function badIndex(what: string, index: unknown, word = String(index)): Fault {
  return {
    what,
    kind: RangeError,
    words: ['indices[1]', word, 'expected a whole number from 0 to 2'],
    gradient: (precision) => ({ indices: [0, index], values: ones(precision, 4) }),
  }
}

function badCount(what: string, indices: readonly number[], count: number): Fault {
  return {
    what,
    kind: RangeError,
    words: [],
    gradient: (precision) => ({ indices, values: ones(precision, count) }),
  }
}

function badPart(what: string, part: 'indices' | 'values', value: unknown): Fault {
  return {
    what,
    kind: TypeError,
    words: [],
    gradient: (precision) => ({ indices: [0, 1], values: ones(precision, 4), [part]: value }),
  }
}

const faults: readonly Fault[] = [
  badIndex('an index that is one too large', 3),
  badIndex('a huge index', 2 ** 53),
  badIndex('an index past 2³²', 2 ** 32),
  badIndex('a negative index', -1),
  badIndex('a fraction', 0.5),
  badIndex('a tiny fraction', 5e-324),
  badIndex('NaN as an index', Number.NaN),
  badIndex('Infinity as an index', Number.POSITIVE_INFINITY),
  badIndex('text as an index', '1'),
  badIndex('null as an index', null),
  badIndex('a hole, which is undefined', undefined),
  badCount('more indices than rows of values', [0, 1, 2], 4),
  badCount('half a row too much', [0, 1], 5),
  badCount('values without an index', [], 2),
  badCount('an index without values', [1], 0),
  badCount('indices out of range without values', [7, 9], 0),
  badCount('rows whose width does not divide the variable', [0], 4),
  badCount('rows wider than the variable', [0], 12),
  badPart('a Set of indices', 'indices', new Set([0, 1])),
  badPart('a Float64Array of indices', 'indices', Float64Array.of(0, 1)),
  badPart('a Float32Array of indices', 'indices', Float32Array.of(0, 1)),
  badPart('a BigInt64Array of indices', 'indices', BigInt64Array.of(0n, 1n)),
  badPart('null for indices', 'indices', null),
  badPart('an array-like of indices', 'indices', { length: 2, 0: 0, 1: 1 }),
  badPart('a list for values', 'values', [1, 1, 1, 1]),
  badPart('null for values', 'values', null),
  badPart('an Int32Array for values', 'values', Int32Array.of(1, 1, 1, 1)),
]

for (const { what, kind, words, gradient } of faults) {
  test(`${what}: a ${kind.name} of every step function, and nothing has moved`, () => {
    for (const precision of precisions) {
      for (const call of Object.values(calls)) {
        const given = tables(precision)
        const before = [given.variable, given.accumulator].map(bytesOf)
        throwsKind(() => call(given, gradient(precision) as Gradient), kind, ...words)
        sameBytes([given.variable, given.accumulator].map(bytesOf), before, what)
      }
    }
  })

  test(`${what}: a ${kind.name} of applyGradients, and nothing has moved, the variables before it neither`, () => {
    for (const precision of precisions) {
      for (const shaped of [true, false]) {
        const { variable } = tables(precision)
        const table = shaped ? new Variable(variable, { shape: [3, 2], name: 'table' }) : variable
        const first = new Variable([1, 2], { name: 'first' })
        const optimizer = new ClippyAdagrad({ weightDecay: 0.1, useEma: true })
        optimizer.build([first, table])
        const arrays = () => [first.value, variable, ...optimizer.variables.map(({ value }) => value)].map(bytesOf)
        const before = arrays()
        const call = () =>
          optimizer.applyGradients([
            [Float32Array.of(1, 1), first],
            [gradient(precision) as Gradient, table],
          ])
        throwsKind(call, kind, ...(kind === RangeError ? [shaped ? 'table' : 'Variable', ...words] : words))
        sameBytes(arrays(), before, what)
        assert.is(optimizer.iterations, 0)
      }
    }
  })
}

test('values of the other precision are a TypeError that names both, and nothing has moved', () => {
  const others: readonly (readonly [Precision, Precision])[] = [
    ['float32', 'float64'],
    ['float64', 'float32'],
  ]
  for (const [precision, other] of others) {
    const gradient = { indices: [0, 1], values: ones(other, 4) }
    for (const call of Object.values(calls)) {
      const given = tables(precision)
      const before = [given.variable, given.accumulator].map(bytesOf)
      throwsKind(() => call(given, gradient), TypeError, 'Float32Array', 'Float64Array')
      sameBytes([given.variable, given.accumulator].map(bytesOf), before, 'a refused call wrote')
    }
  }
})

test('a value that is not finite is a RangeError that names place and value, in the last row too', () => {
  for (const precision of precisions) {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      for (const indices of [
        [2, 0],
        [1, 1],
      ]) {
        const gradient = { indices, values: arrayOf(precision, [1, 1, 1, bad]) }
        for (const call of Object.values(calls)) {
          const given = tables(precision)
          const before = [given.variable, given.accumulator].map(bytesOf)
          throwsKind(() => call(given, gradient), RangeError, `gradient.values[3] is ${bad}`)
          sameBytes([given.variable, given.accumulator].map(bytesOf), before, 'a refused call wrote')
        }
      }
    }
  }
})

test('repeated rows that add up to more than the type holds are a RangeError that names the row', () => {
  for (const [precision, large] of [
    ['float32', 3e38],
    ['float64', 1.5e308],
  ] as const) {
    const gradient = { indices: [2, 0, 2], values: arrayOf(precision, [1, large, 1, 1, 1, large]) }
    for (const call of Object.values(calls)) {
      const given = tables(precision)
      const before = [given.variable, given.accumulator].map(bytesOf)
      throwsKind(() => call(given, gradient), RangeError, 'rows 2', 'Infinity', 'column 1')
      sameBytes([given.variable, given.accumulator].map(bytesOf), before, 'a refused call wrote')
    }
  }
})

test('values that share memory with the variable or the accumulator are a TypeError', () => {
  for (const precision of precisions) {
    for (const role of ['variable', 'accumulator'] as const) {
      for (const call of [calls.step, calls.clippingFactor, calls.updateVariable]) {
        const given = tables(precision)
        const gradient = { indices: [0, 1], values: given[role].subarray(2) }
        const before = [given.variable, given.accumulator].map(bytesOf)
        throwsKind(() => call(given, gradient), TypeError, role, 'share memory')
        sameBytes([given.variable, given.accumulator].map(bytesOf), before, 'a refused call wrote')
      }
    }
  }
})

test('rows of another width than the shape says are a RangeError, even where they would fit', () => {
  const table = new Variable(new Float64Array(12).fill(1), { shape: [3, 4], name: 'table' })
  const optimizer = new ClippyAdagrad()
  for (const [indices, count] of [
    [[0], 2],
    [[0, 1], 4],
    [[0], 12],
    [[0, 1], 12],
  ] as const) {
    const call = () => optimizer.applyGradients([[{ indices, values: ones('float64', count) }, table]])
    throwsKind(call, RangeError, 'table', `width ${count / indices.length}`, '4')
  }
  assert.equal([...table.value], new Array(12).fill(1))
})

test("a row that the variable does not have is told under 'skip' too, beside gradients that are not finite", () => {
  const [dense, table] = [Float32Array.of(1), new Variable(new Float32Array(4), { shape: [2, 2], name: 'table' })]
  const optimizer = new ClippyAdagrad({ nonFiniteGradients: 'skip' })
  const step = (row: number) =>
    optimizer.applyGradients([
      [Float32Array.of(Number.NaN), dense],
      [{ indices: [row], values: Float32Array.of(1, 1) }, table],
    ])
  throwsKind(() => step(2), RangeError, "variable 'table'", 'gradient.indices[0] is 2')
  assert.is(step(1), 0)
  assert.is(optimizer.skippedSteps, 1)
})

test("under 'skip', rows whose sum overflows skip the step even where the weights would refuse it", () => {
  const table = new Variable(Float64Array.of(Infinity, 1), { shape: [2, 1] })
  const optimizer = new ClippyAdagrad({ nonFiniteGradients: 'skip', weightDecay: 0.1 })
  const step = (largest: number) =>
    optimizer.applyGradients([[{ indices: [1, 1], values: Float64Array.of(largest, largest) }, table]])
  assert.is(step(Number.MAX_VALUE), 0)
  assert.is(optimizer.skippedSteps, 1)
  throwsKind(() => step(1), RangeError, 'variable[0] is Infinity')
})

test('values that lie in another variable of the step are a TypeError, whether rows repeat or not', () => {
  for (const indices of [
    [0, 1],
    [1, 1],
  ]) {
    const buffer = new Float64Array(4).fill(1)
    const [table, other] = [
      new Variable(new Float64Array(4), { shape: [2, 2] }),
      new Variable(buffer, { name: 'other' }),
    ]
    const pairs = [
      [{ indices, values: buffer }, table],
      [new Float64Array(4), other],
    ] as const
    throwsKind(() => new ClippyAdagrad().applyGradients(pairs), TypeError, "'other'", 'share memory')
  }
})

test.run()
