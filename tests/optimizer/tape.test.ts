import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  ClippyAdagrad,
  type FloatArray,
  type Gradient,
  type Loss,
  type LossAndGradients,
  type Tape,
  Variable,
} from '../../src/index.ts'
import * as arbitraries from '../support/arbitraries.ts'
import { refuses, sameBits, sameBytes, sameNumber } from '../support/assertions.ts'
import { arrayOf, type Precision, precisions } from '../support/precision.ts'
import { holds } from '../support/property.ts'
import { picture, untouched } from '../support/untouched.ts'

// computeGradients and minimize: who differentiates the loss.
const test = suite('optimizer: tape')

/** A quadratic with cross terms, w·A·w / 2 + b·w, worked out in double: its gradient is A·w + b. */
const A = [
  [2, 0.5, -1],
  [0.5, 3, 0.25],
  [-1, 0.25, 4],
]
const b = [1, -2, 0.5]

function gradientAt(w: ArrayLike<number>): number[] {
  return A.map((row, i) => row.reduce((sum, value, j) => sum + value * w[j], b[i]))
}

function quadratic(w: ArrayLike<number>): number {
  return gradientAt(w).reduce((sum, slope, i) => sum + (w[i] * (slope + b[i])) / 2, 0)
}

/** The quadratic over two variables, of two coordinates and one. */
function problem(precision: Precision, start: readonly number[] = [0.3, -1.5, 20]) {
  const variables = [
    new Variable(arrayOf(precision, start.slice(0, 2)), { name: 'first' }),
    new Variable(arrayOf(precision, start.slice(2)), { name: 'second' }),
  ]
  const values = variables.map(({ value }) => value)
  const point = () => values.flatMap((value) => [...value])
  return { variables, values, point }
}

function isGradient(actual: unknown, expected: readonly number[], tolerance: number): void {
  const values = [...(actual as FloatArray)]
  assert.is(values.length, expected.length)
  values.forEach((g, i) => {
    assert.ok(Math.abs(g - expected[i]) <= tolerance * Math.max(1, Math.abs(expected[i])), `${g}, not ${expected[i]}`)
  })
}

const optimizer = () => new ClippyAdagrad({ learningRate: 0.1, absoluteThreshold: 0.01 })

// Central differences.

const tolerances = { float32: 1e-5, float64: 1e-8 } as const

for (const precision of precisions) {
  test(`central differences give the gradient of a quadratic (${precision})`, () => {
    for (const start of [
      [0.3, -1.5, 20],
      [0, 0, 0],
      [1e-3, 1e-6, -1e-9],
      [1000, -3000, 200],
    ]) {
      const { variables, values, point } = problem(precision, start)
      const pairs = optimizer().computeGradients(() => quadratic(point()), variables)
      const expected = gradientAt(point())
      isGradient(pairs[0][0], expected.slice(0, 2), tolerances[precision])
      isGradient(pairs[1][0], expected.slice(2), tolerances[precision])
      pairs.forEach(([gradient, variable], k) => {
        assert.is(variable, variables[k])
        assert.is((gradient as FloatArray).constructor, values[k].constructor)
      })
    }
  })

  test(`they call the loss once, and twice for each coordinate, and change one coordinate at a time (${precision})`, () => {
    const { variables, point } = problem(precision)
    const before = point()
    const changed: number[][] = []
    optimizer().computeGradients(() => {
      changed.push(point().flatMap((w, i) => (Object.is(w, before[i]) ? [] : [i])))
      return 0
    }, variables)
    assert.equal(changed, [[], [0], [0], [1], [1], [2], [2]])
  })
}

test('afterwards every variable has its bits again, −0 and subnormal numbers too', () => {
  const inputs = arbitraries.precision.chain((precision) =>
    fc.tuple(fc.constant(precision), fc.array(arbitraries.anyFiniteFloat(precision), { minLength: 3, maxLength: 3 })),
  )
  holds(
    inputs,
    ([precision, start]) => {
      const { variables, values, point } = problem(precision, start)
      untouched(optimizer(), values, () => {
        const call = () => optimizer().computeGradients(() => point()[0] + point()[2] ** 2, variables)
        // Where the loss overflows it has no gradient.
        if (Number.isFinite((2 * point()[2]) ** 2)) call()
        else if (!Number.isFinite(point()[2] ** 2)) refuses(call, RangeError, 'gradient[', 'not finite')
      })
    },
    300,
  )
})

test('they have them also when the loss throws, at whatever call, or returns something else', () => {
  const failure = new Error('the loss broke')
  for (const precision of precisions) {
    for (let last = 1; last <= 7; last++) {
      for (const breakDown of [() => Promise.reject(failure).catch(() => 0), () => 'x', undefined]) {
        const { variables, values } = problem(precision, [-0, 5e-324, 1])
        let calls = 0
        const loss = () => {
          if (++calls < last) return 1
          if (breakDown === undefined) throw failure
          return breakDown()
        }
        const made = optimizer()
        untouched(made, values, () => {
          const call = () => made.minimize(loss as Loss, variables)
          if (breakDown === undefined) assert.throws(call, (error: unknown) => error === failure)
          else refuses(call, TypeError, 'loss')
        })
        assert.is(calls, last)
      }
    }
  }
})

test('they take 10,000 coordinates, and above that a RangeError says what to do instead', () => {
  const many = [new Float32Array(9999), new Float64Array(1)]
  let calls = 0
  const loss = () => {
    calls++
    return 0
  }
  assert.is(optimizer().computeGradients(loss, many).length, 2)
  assert.is(calls, 20_001)
  const more = [new Float32Array(9999), new Float64Array(2)]
  const made = optimizer()
  untouched(made, more, () => {
    for (const call of [() => made.computeGradients(loss, more), () => made.minimize(loss, more)]) {
      calls = 0
      refuses(call, RangeError, '10001', '10000', '{ value, gradients }', 'tape')
      assert.is(calls, 1)
    }
  })
  // With gradients of its own the loss may be as large as it likes.
  const gradients = more.map((array) => array.slice().fill(1))
  assert.is(
    made.minimize(() => ({ value: 3, gradients }), more),
    3,
  )
})

// A loss that knows its gradients.

test('a loss that returns { value, gradients } is called once, and its gradients are passed on as they are', () => {
  const table = new Variable(new Float32Array(6), { name: 'table', shape: [3, 2] })
  const raw = Float64Array.of(1, 2)
  const rest = new Float32Array(1)
  const gradients = [{ indices: [2, 2], values: new Float32Array(4).fill(1) }, Float64Array.of(3, 4), null]
  let calls = 0
  const loss = () => {
    calls++
    return { value: 7, gradients }
  }
  const made = optimizer()
  const pairs = made.computeGradients(loss, [table, raw, rest])
  assert.is(calls, 1)
  assert.equal(
    pairs.map(([gradient]) => gradient),
    gradients,
  )
  pairs.forEach(([gradient, variable], k) => {
    assert.is(gradient, gradients[k])
    assert.is(variable, [table, raw, rest][k])
  })
  assert.not(made.built)
})

for (const precision of precisions) {
  test(`minimize takes the step of applyGradients and returns the loss before it (${precision})`, () => {
    const expected = problem(precision)
    const reference = optimizer()
    const lossBefore = quadratic(expected.point())
    const gradientsAt = (point: number[]) => {
      const slopes = gradientAt(point)
      return [arrayOf(precision, slopes.slice(0, 2)), arrayOf(precision, slopes.slice(2))]
    }
    const gradients = gradientsAt(expected.point())
    reference.applyGradients(expected.variables.map((variable, k) => [gradients[k], variable]))

    const own = problem(precision)
    const loss = (): LossAndGradients => ({ value: quadratic(own.point()), gradients: gradientsAt(own.point()) })
    const made = optimizer()
    sameNumber(made.minimize(loss, own.variables), lossBefore, 'loss')
    sameBytes(picture(made, own.values), picture(reference, expected.values), 'minimize')

    const taped = problem(precision)
    const tape: Tape = {
      gradient(lossOfTape, variables) {
        assert.equal(
          variables.map(({ value }) => value),
          taped.values,
        )
        lossOfTape()
        return gradientsAt(taped.point())
      },
    }
    const withTape = optimizer()
    sameNumber(
      withTape.minimize(() => quadratic(taped.point()), taped.variables, { tape }),
      lossBefore,
      'loss',
    )
    sameBytes(picture(withTape, taped.values), picture(reference, expected.values), 'with a tape')

    const numeric = problem(precision)
    const byDifferences = optimizer()
    sameNumber(
      byDifferences.minimize(() => quadratic(numeric.point()), numeric.variables),
      lossBefore,
      'loss',
    )
    assert.is(byDifferences.iterations, 1)
    numeric.values.forEach((value, k) => {
      isGradient(value, [...expected.values[k]], tolerances[precision])
    })
  })

  test(`minimize, called again and again, finds the minimum of a quadratic (${precision})`, () => {
    const { variables, point } = problem(precision, [0.3, -1.5, 2])
    const made = new ClippyAdagrad({ learningRate: 1, variableRelativeThreshold: 0.5, absoluteThreshold: 0.05 })
    const losses = Array.from({ length: 600 }, () => made.minimize(() => quadratic(point()), variables))
    assert.is(made.iterations, 600)
    assert.ok(
      gradientAt(point()).every((slope) => Math.abs(slope) < 1e-3),
      String(gradientAt(point())),
    )
    assert.ok(losses[599] < losses[0])
  })
}

// A tape.

test('a tape differentiates: it gets the loss and Variables, also for raw arrays, in the order of the list', () => {
  const raw = Float64Array.of(1, 2)
  const named = new Variable(new Float32Array(1), { name: 'named' })
  const answer = [Float64Array.of(1, 1), null]
  let given: readonly Variable[] = []
  let calls = 0
  const tape: Tape = {
    gradient(loss, variables) {
      given = variables
      loss()
      loss()
      return answer
    },
  }
  const pairs = optimizer().computeGradients(() => ++calls, [raw, named], tape)
  assert.is(given[0].value, raw)
  assert.is(given[1], named)
  assert.is(calls, 2)
  assert.is(pairs[0][0], answer[0])
  assert.is(pairs[0][1], raw)
  assert.is(pairs[1][0], null)
  // Nor does its loss have to say anything of gradients, or may there be at most so many coordinates.
  const large = [new Float32Array(20_000)]
  const ones = { gradient: () => [new Float32Array(20_000).fill(1)] }
  assert.is(
    optimizer().minimize(() => 5, large, { tape: ones }),
    5,
  )
  assert.ok(large[0].every((w) => w < 0))
})

// Mistakes.

test('a loss, tape or list that does not fit is refused, and nothing has changed or is built', () => {
  const made = optimizer()
  const { variables, values } = problem('float32')
  const gradients = values.map((value) => value.slice())
  const bad: ReadonlyArray<[unknown, typeof RangeError | typeof TypeError, ...string[]]> = [
    [() => undefined, TypeError, 'loss', 'undefined'],
    [() => null, TypeError, 'loss', 'null'],
    [() => 'x', TypeError, 'loss', '"x"'],
    [() => Promise.resolve(1), TypeError, 'loss'],
    [() => ({ value: 1 }), TypeError, 'loss', 'gradients'],
    [() => ({ value: '1', gradients }), TypeError, 'loss', '"1"'],
    [() => ({ value: 1, gradients: gradients.slice(1) }), RangeError, 'loss', '1 gradients', '2 variables'],
    [() => ({ value: 1, gradients: [...gradients, null] }), RangeError, 'loss', '3 gradients'],
    [5, TypeError, 'loss', '5'],
  ]
  untouched(made, values, () => {
    for (const [loss, kind, ...words] of bad) {
      refuses(() => made.computeGradients(loss as Loss, variables), kind, ...words)
      refuses(() => made.minimize(loss as Loss, variables), kind, ...words)
    }
    const answers: ReadonlyArray<[unknown, typeof RangeError | typeof TypeError, string]> = [
      [undefined, TypeError, 'undefined'],
      [new Float32Array(2), TypeError, 'Float32Array'],
      [[null], RangeError, '1 gradients'],
    ]
    for (const [answer, kind, words] of answers) {
      const tape = { gradient: () => answer as readonly (Gradient | null)[] }
      refuses(() => made.computeGradients(() => 1, variables, tape), kind, 'tape', words)
      refuses(() => made.minimize(() => 1, variables, { tape }), kind, 'tape', words)
    }
    for (const tape of [null, {}, { gradient: 3 }] as unknown as Tape[]) {
      refuses(() => made.computeGradients(() => 1, variables, tape), TypeError, 'tape is', 'gradient(loss')
      refuses(() => made.minimize(() => 1, variables, { tape }), TypeError, 'tape is', 'gradient(loss')
    }
    refuses(() => made.computeGradients(() => 1, values[0] as unknown as Variable[]), TypeError, 'varList')
    refuses(() => made.computeGradients(() => 1, [3 as unknown as Variable]), TypeError, 'varList[0]')
    refuses(() => made.minimize(() => 1, [variables[0], variables[0].value]), RangeError, 'twice')
    refuses(() => made.minimize(() => 1, variables, { tap: 1 } as object), TypeError, 'tap')
    // What applyGradients refuses, minimize refuses too.
    refuses(() => made.minimize(() => ({ value: 1, gradients: [null, null] }), variables), RangeError, 'first')
    refuses(
      () => made.minimize(() => ({ value: 1, gradients: [new Float32Array(3), null] }), variables),
      RangeError,
      'first',
      'length 3',
    )
  })
})

test('an error of the tape or the loss comes out as it is', () => {
  const failure = new Error('no tape today')
  const { variables, values } = problem('float64')
  const made = optimizer()
  untouched(made, values, () => {
    const broken = () => {
      throw failure
    }
    const same = (error: unknown) => error === failure
    assert.throws(() => made.minimize(() => 1, variables, { tape: { gradient: broken } }), same)
    assert.throws(() => made.minimize(broken, variables), same)
    assert.throws(() => made.computeGradients(broken, variables), same)
  })
})

test('a loss that is not a number is still a loss; only its gradients have to be finite', () => {
  const w = Float64Array.of(1)
  sameNumber(
    optimizer().minimize(() => ({ value: Number.NaN, gradients: [Float64Array.of(1)] }), [w]),
    Number.NaN,
    'loss',
  )
  assert.is.not(w[0], 1)
  const before = w.slice()
  refuses(() => optimizer().minimize(() => Number.NaN, [w]), RangeError, 'gradient[0]', 'NaN')
  sameBits(w, before, 'variable')
})

test.run()
