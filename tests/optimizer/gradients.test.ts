import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  ClippyAdagrad,
  type ClippyAdagradOptions,
  type Gradient,
  type GradientAndVariable,
  PerReplica,
  Variable,
} from '../../src/index.ts'
import { refuses, sameBits } from '../support/assertions.ts'
import { arrayOf, type FloatArray, limitsOf, type Precision, precisions } from '../support/precision.ts'
import { holds } from '../support/property.ts'
import { fails, untouched } from '../support/untouched.ts'

// Gradients of several replicas, and who sums them.
const test = suite('optimizer: gradients')

const start = [0.5, -0.25, 1, 2, -1, 0.125]

/** Where one step with this gradient leaves a variable of three rows, and its accumulator. */
function stepped(precision: Precision, gradient: Gradient | PerReplica, options: ClippyAdagradOptions = {}) {
  const optimizer = new ClippyAdagrad({ learningRate: 0.3, absoluteThreshold: 0.01, ...options })
  const table = new Variable(arrayOf(precision, start), { name: 'table', shape: [3, 2] })
  assert.is(optimizer.applyGradients([[gradient, table]]), 1)
  return { variable: table.value, accumulator: optimizer.variables[1].value }
}

function sameStep(precision: Precision, one: Gradient | PerReplica, other: Gradient | PerReplica): void {
  const [actual, expected] = [stepped(precision, one), stepped(precision, other)]
  sameBits(actual.variable, expected.variable, 'variable')
  sameBits(actual.accumulator, expected.accumulator, 'accumulator')
}

for (const precision of precisions) {
  const dense = (...values: number[]) => arrayOf(precision, values)
  const sparse = (indices: number[], ...values: number[]) => ({ indices, values: dense(...values) })

  test(`dense gradients of replicas are summed element by element (${precision})`, () => {
    const replicas = new PerReplica([dense(1, 2, 3, 4, 5, 6), dense(-1, 0, 0.5, 0, 1, -8), dense(0, 0, 0, 2, 2, 2)])
    sameStep(precision, replicas, dense(0, 2, 3.5, 6, 8, 0))
  })

  test(`they are summed in the order given and in the precision of the variable (${precision})`, () => {
    const { round } = limitsOf(precision)
    const [a, b, c] = [0.1, 0.7, -0.3].map(round)
    const once = round(round(a + b) + c)
    const replicas = [a, b, c].map((value) => dense(value, 0, 0, 0, 0, 0))
    sameStep(precision, new PerReplica(replicas), dense(once, 0, 0, 0, 0, 0))
    const huge = precision === 'float32' ? 2 ** 26 : 2 ** 55
    const absorbed = [huge, 1, -huge].map((value) => dense(value, 0, 0, 0, 0, 0))
    sameStep(precision, new PerReplica(absorbed), dense(0, 0, 0, 0, 0, 0))
  })

  test(`sparse gradients of replicas are summed row by row, and touch no other row (${precision})`, () => {
    const replicas = new PerReplica([sparse([2, 0], 1, 2, 3, 4), sparse([2], 0.5, -2), sparse([])])
    sameStep(precision, replicas, sparse([2, 0], 1.5, 0, 3, 4))
    const { variable, accumulator } = stepped(precision, replicas)
    assert.equal([...variable.subarray(2, 4)], start.slice(2, 4))
    assert.equal([...accumulator.subarray(2, 4)], [...dense(0.1, 0.1)])
  })

  test(`a dense gradient beside sparse ones makes a dense sum (${precision})`, () => {
    const replicas = [sparse([1, 1], 1, 2, 4, 8), dense(1, 1, 1, 1, 1, 1), sparse([], ...[]), sparse([0], -1, 0)]
    sameStep(precision, new PerReplica(replicas), dense(0, 1, 6, 11, 1, 1))
  })

  test(`one replica is a gradient like any other (${precision})`, () => {
    sameStep(precision, new PerReplica([dense(1, 2, 3, 4, 5, 6)]), dense(1, 2, 3, 4, 5, 6))
    sameStep(precision, new PerReplica([sparse([1], 5, 6)]), sparse([1], 5, 6))
  })

  test(`what is clipped is the sum (${precision})`, () => {
    const replicas = new PerReplica([dense(3, 0, 0, 0, 0, 0), dense(0, -4, 0, 0, 0, 0)])
    for (const options of [{ clipnorm: 1 }, { globalClipnorm: 1 }, { clipvalue: 1 }]) {
      const actual = stepped(precision, replicas, options)
      const expected = stepped(precision, dense(3, -4, 0, 0, 0, 0), options)
      sameBits(actual.variable, expected.variable, 'variable')
    }
  })

  test(`the replicas' arrays are not changed (${precision})`, () => {
    const given = [dense(1, 2, 3, 4, 5, 6), sparse([1, 1], 1, 2, 4, 8)] as const
    stepped(precision, new PerReplica(given), { clipnorm: 0.1 })
    sameBits(given[0], dense(1, 2, 3, 4, 5, 6), 'dense')
    sameBits(given[1].values, dense(1, 2, 4, 8), 'sparse values')
    assert.equal(given[1].indices, [1, 1])
  })

  test(`a sum that overflows is refused like an infinite gradient, or skips the step (${precision})`, () => {
    const { largest } = limitsOf(precision)
    const replicas = new PerReplica([dense(largest, 0), dense(largest, 0)])
    for (const clipping of [{}, { clipvalue: 1 }, { clipnorm: 1 }]) {
      const w = dense(1, 2)
      const optimizer = new ClippyAdagrad({ weightDecay: 0.1, ...clipping })
      optimizer.build([w])
      untouched(optimizer, [w], () => {
        refuses(() => optimizer.applyGradients([[replicas, w]]), RangeError, 'Variable', 'gradient[0]', 'Infinity')
      })
      const lenient = new ClippyAdagrad({ nonFiniteGradients: 'skip', weightDecay: 0.1, ...clipping })
      assert.is(lenient.applyGradients([[replicas, w]]), 0)
      assert.is(lenient.skippedSteps, 1)
      sameBits(w, dense(1, 2), 'variable')
    }
  })
}

test('whatever the replicas are, dense or sparse, they do what their sum does', () => {
  // Whole numbers, so that every order of summing is exact.
  const whole = fc.integer({ min: -1000, max: 1000 })
  const dense = fc
    .array(whole, { minLength: 6, maxLength: 6 })
    .map((values) => ({ rows: [0, 1, 2], values, dense: true }))
  const sparse = fc
    .array(fc.tuple(fc.nat({ max: 2 }), whole, whole), { maxLength: 5 })
    .map((rows) => ({ rows: rows.map(([row]) => row), values: rows.flatMap(([, a, b]) => [a, b]), dense: false }))
  const inputs = fc.tuple(
    fc.constantFrom(...precisions),
    fc.array(fc.oneof(dense, sparse), { minLength: 1, maxLength: 4 }),
  )
  holds(
    inputs,
    ([precision, replicas]) => {
      const total = arrayOf(precision, new Array<number>(6).fill(0))
      const named = new Set<number>()
      const gradients = replicas.map(({ rows, values, dense }): Gradient => {
        rows.forEach((row, k) => {
          named.add(row)
          total[2 * row] += values[2 * k]
          total[2 * row + 1] += values[2 * k + 1]
        })
        return dense ? arrayOf(precision, values) : { indices: rows, values: arrayOf(precision, values) }
      })
      const rows = [...named].sort()
      const values = rows.flatMap((row) => [total[2 * row], total[2 * row + 1]])
      const isSparse = replicas.every(({ dense }) => !dense)
      sameStep(
        precision,
        new PerReplica(gradients),
        isSparse ? { indices: rows, values: arrayOf(precision, values) } : total,
      )
    },
    300,
  )
})

test('replicas must be a list of gradients that fit the variable, and nothing is built for those that do not', () => {
  refuses(() => new PerReplica([]), RangeError, 'PerReplica', 'empty')
  refuses(() => new PerReplica(Float32Array.of(1) as unknown as Gradient[]), TypeError, 'PerReplica', 'Float32Array')
  const optimizer = new ClippyAdagrad()
  const w = new Variable([1, 2, 3, 4], { name: 'w', shape: [2, 2] })
  const unfit: ReadonlyArray<[Gradient, typeof RangeError | typeof TypeError, string]> = [
    [new Float32Array(3), RangeError, 'length 3'],
    [new Float64Array(4), TypeError, 'Float64Array'],
    [{ indices: [0], values: new Float32Array(1) }, RangeError, 'width 1'],
    [{ indices: [0], values: new Float64Array(2) }, TypeError, 'Float64Array'],
    [{ indices: [0], values: [1, 2] } as unknown as Gradient, TypeError, 'is an array of length 2'],
  ]
  for (const [gradient, kind, words] of unfit) {
    const replicas = new PerReplica([new Float32Array(4), gradient])
    for (const options of [{}, { skipGradientsAggregation: true }]) {
      untouched(optimizer, [w.value], () => {
        refuses(() => optimizer.applyGradients([[replicas, w]], options), kind, "variable 'w'", words)
      })
    }
  }
  const beyond = new PerReplica([new Float32Array(4), { indices: [2], values: new Float32Array(2) }])
  untouched(optimizer, [w.value], () => {
    refuses(() => optimizer.applyGradients([[beyond, w]]), RangeError, "variable 'w'", 'indices[0] is 2')
  })
})

// Who sums.

test('with skipGradientsAggregation nothing sums the replicas, so they are an Error that says what to do', () => {
  const optimizer = new ClippyAdagrad({ weightDecay: 0.5 })
  const [first, second] = [Float32Array.of(1), new Variable([2], { name: 'second' })]
  optimizer.build([first, second])
  untouched(optimizer, [first, second.value], () => {
    const pairs: GradientAndVariable[] = [
      [Float32Array.of(1), first],
      [new PerReplica([Float32Array.of(1), Float32Array.of(1)]), second],
    ]
    fails(
      () => optimizer.applyGradients(pairs, { skipGradientsAggregation: true }),
      'second',
      'replicas',
      'skipGradientsAggregation',
    )
  })
})

/** Notes what it is asked to aggregate, and answers as told. */
class Watched extends ClippyAdagrad {
  readonly calls: GradientAndVariable[][] = []
  answer: ((pairs: GradientAndVariable[]) => GradientAndVariable[]) | undefined

  override aggregateGradients(gradsAndVars: Iterable<GradientAndVariable>): GradientAndVariable[] {
    const pairs = [...gradsAndVars]
    this.calls.push(pairs)
    return this.answer === undefined ? super.aggregateGradients(pairs) : this.answer(pairs)
  }
}

test('aggregateGradients is called once a step, with the pairs that have a gradient, before anything is written', () => {
  const optimizer = new Watched({ weightDecay: 0.5 })
  const [first, second] = [Float32Array.of(1), Float32Array.of(2)]
  const gradient = Float32Array.of(1)
  optimizer.build([first, second])
  let seen: FloatArray | undefined
  optimizer.answer = (pairs) => {
    seen = first.slice()
    return pairs
  }
  const warn = console.warn
  console.warn = () => {}
  try {
    optimizer.applyGradients([
      [gradient, first],
      [null, second],
    ])
  } finally {
    console.warn = warn
  }
  assert.is(optimizer.calls.length, 1)
  const [[pair, ...others]] = optimizer.calls
  assert.is(others.length, 0)
  assert.is(pair[0], gradient)
  assert.instance(pair[1], Variable)
  assert.is(pair[1] instanceof Variable && pair[1].value, first)
  assert.equal(seen && [...seen], [1])
  assert.is.not(first[0], 1)
})

test('it is not called with skipGradientsAggregation, nor for an empty list', () => {
  const optimizer = new Watched()
  const w = Float32Array.of(1)
  assert.is(optimizer.applyGradients([]), 0)
  assert.is(optimizer.applyGradients([[Float32Array.of(1), w]], { skipGradientsAggregation: true }), 1)
  assert.is(optimizer.calls.length, 0)
  assert.is(optimizer.applyGradients([[Float32Array.of(1), w]], { skipGradientsAggregation: false }), 2)
  assert.is(optimizer.calls.length, 1)
})

test('what an override returns is what the step takes: here the mean over the replicas', () => {
  class Mean extends ClippyAdagrad {
    override aggregateGradients(gradsAndVars: Iterable<GradientAndVariable>): GradientAndVariable[] {
      const pairs = [...gradsAndVars]
      return super.aggregateGradients(pairs).map(([sum, variable], k) => {
        const [given] = pairs[k]
        const count = given instanceof PerReplica ? given.values.length : 1
        return [sum instanceof Float32Array ? sum.map((g) => g / count) : sum, variable]
      })
    }
  }
  const [actual, expected] = [Float32Array.of(1, -1), Float32Array.of(1, -1)]
  const replicas = new PerReplica([Float32Array.of(1, 2), Float32Array.of(3, -8)])
  new Mean().applyGradients([[replicas, actual]])
  new ClippyAdagrad().applyGradients([[Float32Array.of(2, -3), expected]])
  sameBits(actual, expected, 'variable')
})

test('an override may leave pairs out: their variables rest, and the step counts', () => {
  const optimizer = new Watched({ weightDecay: 0.5, useEma: true })
  const [first, second] = [Float32Array.of(1), Float32Array.of(2)]
  optimizer.answer = (pairs) => pairs.slice(1)
  optimizer.applyGradients([
    [Float32Array.of(1), first],
    [Float32Array.of(1), second],
  ])
  assert.is(optimizer.iterations, 1)
  assert.is(first[0], 1)
  assert.is.not(second[0], 2)
})

test('an override that returns what no step can take is refused, and nothing has moved', () => {
  const optimizer = new Watched({ weightDecay: 0.5 })
  const [first, second] = [Float32Array.of(1), new Variable([2], { name: 'second' })]
  optimizer.build([first, second])
  const step = () =>
    optimizer.applyGradients([
      [Float32Array.of(1), first],
      [Float32Array.of(1), second],
    ])
  const answers: ReadonlyArray<[(pairs: GradientAndVariable[]) => unknown, (call: () => unknown) => void]> = [
    [() => undefined, (call) => refuses(call, TypeError, 'undefined')],
    [() => [3], (call) => refuses(call, TypeError, '3')],
    [([one]) => [one, [Float32Array.of(1), 'x']], (call) => refuses(call, TypeError, '"x"')],
    [([one]) => [one, [new Float32Array(2), second]], (call) => refuses(call, RangeError, 'second', 'length 2')],
    [([one]) => [one, [new Float64Array(1), second]], (call) => refuses(call, TypeError, 'second', 'Float64Array')],
    [([one]) => [one, [Float32Array.of(Number.NaN), second]], (call) => refuses(call, RangeError, 'second', 'NaN')],
    [([one]) => [one, [Float32Array.of(1), new Float32Array(1)]], (call) => fails(call, 'does not know')],
    [([one]) => [one, [new PerReplica([Float32Array.of(1)]), second]], (call) => fails(call, 'second')],
    [([one]) => [one, [null, second]], (call) => fails(call, 'second')],
  ]
  for (const [answer, refused] of answers) {
    optimizer.answer = answer as (pairs: GradientAndVariable[]) => GradientAndVariable[]
    untouched(optimizer, [first, second.value], () => refused(step))
  }
})

test('called by itself it sums the replicas of the pairs that have some, and changes nothing', () => {
  const optimizer = new ClippyAdagrad()
  const [raw, variable] = [Float32Array.of(1, 2), new Variable([3], { name: 'v' })]
  const plain = Float32Array.of(7)
  for (const isBuilt of [false, true]) {
    if (isBuilt) optimizer.build([raw, variable])
    untouched(optimizer, [raw, variable.value], () => {
      const pairs = optimizer.aggregateGradients([
        [new PerReplica([Float32Array.of(1, 2), Float32Array.of(3, 4)]), raw],
        [plain, variable],
        [null, variable],
      ])
      assert.equal(pairs[0][0], Float32Array.of(4, 6))
      assert.is(pairs[0][1], raw)
      assert.is(pairs[1][0], plain)
      assert.is(pairs[1][1], variable)
      assert.is(pairs[2][0], null)
    })
  }
  refuses(() => optimizer.aggregateGradients(3 as unknown as GradientAndVariable[]), TypeError, '3')
})

test('sparse replicas of a flat variable must have one row width', () => {
  const w = new Float32Array(12)
  const optimizer = new ClippyAdagrad()
  optimizer.build([w])
  const narrow = { indices: [1], values: Float32Array.of(1, 1) }
  const wide = { indices: [0], values: Float32Array.of(1, 1, 1, 1) }
  const empty = { indices: [], values: new Float32Array(0) }
  untouched(optimizer, [w], () => {
    refuses(() => optimizer.applyGradients([[new PerReplica([narrow, wide]), w]]), RangeError, 'Variable', '2', '4')
  })
  optimizer.applyGradients([[new PerReplica([empty, narrow, empty, narrow]), w]])
  assert.equal(
    [...w.keys()].filter((i) => w[i] !== 0),
    [2, 3],
  )
  // Beside a dense one each is added by itself.
  optimizer.applyGradients([[new PerReplica([narrow, new Float32Array(12), wide]), w]])
})

test('a replica that is no gradient is refused when PerReplica is made, and the list is copied', () => {
  for (const wrong of [null, undefined, 3, [1], new PerReplica([Float32Array.of(1)])]) {
    const values = [Float32Array.of(1), wrong as unknown as Gradient]
    refuses(() => new PerReplica(values), TypeError, 'PerReplica', 'values[1]')
  }
  const values: Gradient[] = [Float32Array.of(1)]
  const replicas = new PerReplica(values)
  values.push(Float32Array.of(5))
  assert.is(replicas.values.length, 1)
})

test('an override may not return a variable twice', () => {
  const optimizer = new Watched({ weightDecay: 0.5 })
  const w = new Variable([2], { name: 'w' })
  optimizer.build([w])
  optimizer.answer = ([pair]) => [pair, pair]
  untouched(optimizer, [w.value], () => {
    refuses(() => optimizer.applyGradients([[Float32Array.of(1), w]]), RangeError, "'w'", 'twice')
  })
})

test('skipGradientsAggregation is true or false', () => {
  const w = Float32Array.of(1)
  const options = { skipGradientsAggregation: 'yes' } as object
  refuses(() => new ClippyAdagrad().applyGradients([[w.slice(), w]], options), TypeError, 'skipGradientsAggregation')
  assert.is(w[0], 1)
})

test.run()
