import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  ClippyAdagrad,
  type ClippyAdagradOptions,
  clippingFactor,
  type SparseGradient,
  updateAccumulator,
  updateVariable,
  Variable,
} from '../../src/index.ts'
import { boundViolation } from '../../src/testing/index.ts'
import { bytesOf, sameBits, sameBytes, sameNumber } from '../support/assertions.ts'
import { exactFactor, factorIsRight } from '../support/oracle.ts'
import { arrayOf, type FloatArray, limitsOf, precisionOf, precisions } from '../support/precision.ts'
import { holds } from '../support/property.ts'
import { thrownBy, throwsKind } from './support/refusal.ts'
import { gathered, layers, presummed, rowsOf, type SparseCase, sparseCase, type Taken } from './support/sparse-case.ts'

const test = suite('sparse steps')

/** The same step, or the same refusal. */
function same(actual: () => Taken, expected: () => Taken): void {
  let result: Taken | undefined
  const refusal = thrownBy(() => {
    result = expected()
  })
  if (result === undefined) {
    assert.instance(refusal, RangeError)
    assert.instance(thrownBy(actual), RangeError)
    return
  }
  sameTaken(actual(), result)
}

function sameTaken(actual: Taken, expected: Taken): void {
  sameBits(actual.variable, expected.variable, 'the variable')
  sameBits(actual.accumulator, expected.accumulator, 'the accumulator')
  sameNumber(actual.factor, expected.factor, 'the factor')
}

function isSummable(at: SparseCase): boolean {
  return presummed(at).values.every(Number.isFinite)
}

/** Of each law, at each layer. */
const RUNS = 300

for (const [name, take] of Object.entries(layers)) {
  test(`${name}: repeated rows give the bits of one row that is their sum in the order given`, () => {
    holds(
      sparseCase,
      (at) => {
        same(
          () => take(at, at.sparse),
          () => take(at, presummed(at)),
        )
      },
      RUNS,
    )
  })

  test(`${name}: all rows in any order give the bits of the dense step`, () => {
    const shuffled = sparseCase.chain((at) => {
      const rows = Array.from({ length: rowsOf(at) }, (_, row) => row)
      return fc.shuffledSubarray(rows, { minLength: rows.length }).map((indices) => ({ at, indices }))
    })
    holds(
      shuffled,
      ({ at, indices }) => {
        const { input, width } = at
        const sparse = { indices, values: gathered(input.gradient, indices, width) }
        sameTaken(take(at, sparse), take(at, input.gradient))
      },
      RUNS,
    )
  })

  test(`${name}: a step on some rows gives the bits of a dense step on those rows alone`, () => {
    holds(
      sparseCase.filter(isSummable),
      (at) => {
        const { input, width } = at
        const { indices, values } = presummed(at)
        const part = (array: FloatArray) => gathered(array, indices, width)
        const alone = { ...input, variable: part(input.variable), accumulator: part(input.accumulator) }
        const expected = take({ ...at, input: alone }, values)
        const { variable, accumulator, factor } = take(at, at.sparse)
        sameTaken({ variable: part(variable), accumulator: part(accumulator), factor }, expected)
      },
      RUNS,
    )
  })

  test(`${name}: rows that are not named keep their bits`, () => {
    holds(
      sparseCase.filter(isSummable),
      (at) => {
        const { input, width, sparse } = at
        const named = new Set(Array.from(sparse.indices))
        const { variable, accumulator } = take(at, sparse)
        for (let i = 0; i < variable.length; i++) {
          if (named.has(Math.floor(i / width))) continue
          sameNumber(variable[i], input.variable[i], `the variable at ${i}`)
          sameNumber(accumulator[i], input.accumulator[i], `the accumulator at ${i}`)
        }
      },
      RUNS,
    )
  })

  test(`${name}: an Int32Array, a Uint32Array and a list of the same indices give the same bits`, () => {
    holds(
      sparseCase.filter(isSummable),
      (at) => {
        const { indices, values } = at.sparse
        const expected = take(at, at.sparse)
        for (const other of [Int32Array.from(indices), Uint32Array.from(indices), Object.freeze([...indices])]) {
          sameTaken(take(at, { indices: other, values }), expected)
        }
      },
      RUNS,
    )
  })

  test(`${name}: the caller’s indices and values are not changed`, () => {
    holds(
      sparseCase,
      (at) => {
        const indices = Int32Array.from(at.sparse.indices)
        const values = at.sparse.values
        const before = [new Uint8Array(indices.buffer).slice(), bytesOf(values)]
        thrownBy(() => take(at, { indices, values }))
        sameBytes([new Uint8Array(indices.buffer), bytesOf(values)], before, 'the gradient')
      },
      RUNS,
    )
  })

  test(`${name}: no coordinate of a named row moves past its exact bound, and the factor is right`, () => {
    holds(
      sparseCase.filter(isSummable),
      (at) => {
        const { input, width, sparse } = at
        const { variable, accumulator, factor } = take(at, sparse)
        const used = input.options.useStandardAccumulatorUpdate ? accumulator : input.accumulator
        variable.forEach((after, i) => {
          assert.ok(Number.isFinite(after), `finite in, finite out: ${after} at ${i}`)
        })
        assert.is(boundViolation(input.variable, variable, used, input.options), undefined)
        const { indices, values } = presummed(at)
        const part = (array: FloatArray) => gathered(array, indices, width)
        const exact = exactFactor(part(input.variable), part(used), values, input.options)
        assert.ok(
          factorIsRight(factor, exact, limitsOf(precisionOf(variable)).factorTolerance),
          `${factor}, not ${exact}`,
        )
      },
      RUNS,
    )
  })

  test(`${name}: no rows are a step with factor 1 that moves nothing`, () => {
    holds(
      sparseCase,
      (at) => {
        const { input } = at
        const none = arrayOf(precisionOf(input.variable), [])
        for (const indices of [[], new Int32Array(0), new Uint32Array(0)]) {
          const { variable, accumulator, factor } = take(at, { indices, values: none })
          sameNumber(factor, 1, 'the factor')
          sameBits(variable, input.variable, 'the variable')
          sameBits(accumulator, input.accumulator, 'the accumulator')
        }
      },
      RUNS,
    )
  })
}

test('the parts compose to the step, bit for bit, for a sparse gradient', () => {
  holds(sparseCase.filter(isSummable), (at) => {
    const { input, sparse } = at
    const { options } = input
    const [variable, accumulator] = [input.variable.slice(), input.accumulator.slice()]
    if (options.useStandardAccumulatorUpdate) updateAccumulator(accumulator, sparse)
    const factor = clippingFactor(variable, accumulator, sparse, options)
    updateVariable(variable, accumulator, sparse, factor, options)
    if (!options.useStandardAccumulatorUpdate) {
      updateAccumulator(accumulator, sparse, options.clipAccumulatorUpdate ? factor : 1)
    }
    sameTaken({ variable, accumulator, factor }, layers.step(at, sparse))
  })
})

// What is not named is not read.

test('step: NaN and ±Infinity in rows that are not named do no harm, and stay', () => {
  const bad = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY)
  holds(fc.tuple(sparseCase.filter(isSummable), bad), ([at, value]) => {
    const { input, width, sparse } = at
    const named = new Set(Array.from(sparse.indices))
    const poison = (array: FloatArray) => array.map((x, i) => (named.has(Math.floor(i / width)) ? x : value))
    const poisoned = { variable: poison(input.variable), accumulator: poison(input.accumulator) }
    const expected = layers.step(at, sparse)
    const { variable, accumulator, factor } = layers.step({ ...at, input: { ...input, ...poisoned } }, sparse)
    sameBits(variable, poison(expected.variable), 'the variable')
    sameBits(accumulator, poison(expected.accumulator), 'the accumulator')
    sameNumber(factor, expected.factor, 'the factor')
  })
})

test('applyGradients: NaN in a row that is not named does no harm, and stays', () => {
  for (const precision of precisions) {
    const value = arrayOf(precision, [1, 2, Number.NaN, Number.NaN, 5, 6])
    const table = new Variable(value, { shape: [3, 2] })
    const optimizer = new ClippyAdagrad({ absoluteThreshold: Number.POSITIVE_INFINITY })
    const values = arrayOf(precision, [1, 1, 1, 1])
    optimizer.applyGradients([[{ indices: [2, 0], values }, table]])
    assert.equal([...value].map(Number.isNaN), [false, false, true, true, false, false])
    const touched = () => optimizer.applyGradients([[{ indices: [2, 1], values }, table]])
    throwsKind(touched, RangeError, 'variable[2] is NaN')
    assert.is(optimizer.iterations, 1)
  }
})

test('a sparse step counts as a step, with no rows and on a variable of length 0 too', () => {
  for (const precision of precisions) {
    for (const [shape, indices] of [
      [[2, 2], []],
      [[0, 2], []],
      [
        [2, 0],
        [1, 1],
      ],
    ] as const) {
      const size = shape[0] * shape[1]
      const table = new Variable(arrayOf(precision, new Array<number>(size).fill(1)), { shape })
      const optimizer = new ClippyAdagrad({ exportClippingFactors: true })
      assert.is(optimizer.applyGradients([[{ indices, values: arrayOf(precision, []) }, table]]), 1)
      assert.equal(optimizer.clippingFactors, [1])
    }
  }
})

test('weight decay and averages act on every row, also where no row is named', () => {
  const value = Float64Array.of(1, 2, 3)
  const optimizer = new ClippyAdagrad({ learningRate: 0.5, weightDecay: 0.5, useEma: true, emaMomentum: 0.5 })
  optimizer.applyGradients([[{ indices: [], values: new Float64Array(0) }, value]])
  assert.equal([...value], [0.75, 1.5, 2.25])
  assert.equal([...optimizer.variables[1].value], [0.875, 1.75, 2.625])
})

test('clip options see the repeated rows before they are summed', () => {
  const after = (options: ClippyAdagradOptions, gradient: SparseGradient) => {
    const value = Float64Array.of(1, 1)
    new ClippyAdagrad({ learningRate: 0.01, absoluteThreshold: 1, ...options }).applyGradients([[gradient, value]])
    return [...value]
  }
  const repeated = { indices: [0, 0], values: Float64Array.of(3, 4) }
  const once = (g: number) => ({ indices: [0], values: Float64Array.of(g) })
  assert.equal(after({ clipvalue: 1 }, repeated), after({}, once(2)))
  assert.equal(after({ clipnorm: 5 }, repeated), after({}, once(7)))
  assert.equal(after({ globalClipnorm: 2.5 }, repeated), after({}, once(3.5)))
})

test.run()
