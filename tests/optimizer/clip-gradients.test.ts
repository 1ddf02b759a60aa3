import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  ClippyAdagrad,
  type FloatArray,
  type Gradient,
  Optimizer,
  type OptimizerOptions,
  Variable,
} from '../../src/index.ts'
import * as arbitraries from '../support/arbitraries.ts'
import { refuses, sameBits, sameNumber } from '../support/assertions.ts'
import { arrayOf, limitsOf, type Precision, precisions } from '../support/precision.ts'
import { holds } from '../support/property.ts'
import { untouched } from '../support/untouched.ts'

// clipnorm, globalClipnorm and clipvalue.
const test = suite('optimizer: clip gradients')

/** Keeps what its steps are given. */
class Recorder extends Optimizer {
  readonly given: Gradient[] = []

  override updateStep(gradient: Gradient): void {
    this.given.push(gradient)
  }
}

/** The gradients of variables of their length, as a step gets them. */
function clipped(options: OptimizerOptions, ...gradients: FloatArray[]): FloatArray[] {
  const recorder = new Recorder(options)
  recorder.applyGradients(gradients.map((gradient) => [gradient, gradient.slice().fill(1)]))
  return recorder.given as FloatArray[]
}

/** The Euclidean norm, with no overflow or underflow on the way. */
function norm(...arrays: FloatArray[]): number {
  return Math.hypot(...arrays.flatMap((array) => [...array]))
}

function isClose(actual: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(actual - expected) <= tolerance * Math.abs(expected), `${actual} should be about ${expected}`)
}

const tolerances = { float32: 2e-7, float64: 1e-15 } as const

for (const precision of precisions) {
  const dense = (...values: number[]) => arrayOf(precision, values)
  const { largest, smallest, smallestNormal, round } = limitsOf(precision)
  const tolerance = tolerances[precision]

  function isAbout(actual: FloatArray, expected: readonly number[]): void {
    assert.is(actual.constructor, dense().constructor)
    assert.is(actual.length, expected.length)
    expected.forEach((value, i) => {
      isClose(actual[i], value, tolerance)
    })
  }

  test(`clipnorm scales each gradient by itself down to that norm (${precision})`, () => {
    const [first, second] = clipped({ clipnorm: 1 }, dense(3, -4), dense(0.3, 0.4))
    isAbout(first, [0.6, -0.8])
    sameBits(second, dense(0.3, 0.4), 'a gradient below the limit')
  })

  test(`globalClipnorm scales all gradients down by one factor, that of their norm together (${precision})`, () => {
    const [first, second] = clipped({ globalClipnorm: 6.5 }, dense(3, -4), dense(12))
    isAbout(first, [1.5, -2])
    isAbout(second, [6])
    const rest = clipped({ globalClipnorm: 13 }, dense(3, -4), dense(12))
    sameBits(rest[0], dense(3, -4), 'at the limit')
    sameBits(rest[1], dense(12), 'at the limit')
  })

  test(`clipvalue stops each value at that size (${precision})`, () => {
    const [first, second] = clipped({ clipvalue: 0.25 }, dense(3, -4, 0.25, -0.25, 0.1), dense(-0, largest, -smallest))
    sameBits(first, dense(0.25, -0.25, 0.25, -0.25, 0.1), 'first')
    sameBits(second, dense(-0, 0.25, -smallest), 'second')
  })

  test(`norms of huge values do not overflow (${precision})`, () => {
    const huge = precision === 'float32' ? 3e38 : 1e200
    for (const values of [
      [huge, huge],
      [largest, -largest, largest],
      [huge, 1],
    ]) {
      const limit = Math.abs(round(values[0])) / 1024
      const [own] = clipped({ clipnorm: limit }, dense(...values))
      isClose(norm(own), limit, 4 * tolerance)
      const [one, other] = clipped({ globalClipnorm: limit }, dense(...values), dense(values[0]))
      isClose(norm(one, other), limit, 4 * tolerance)
      const [still] = clipped({ clipnorm: Number.MAX_VALUE }, dense(values[0], 1))
      sameBits(still, dense(values[0], 1), 'a limit above the norm')
      const [unit] = clipped({ clipnorm: 1 }, dense(...values))
      isClose(norm(unit), 1, 4 * tolerance)
    }
  })

  test(`norms of tiny values do not vanish (${precision})`, () => {
    const tiny = precision === 'float32' ? 1e-30 : 1e-200
    // Squared, these are 0.
    assert.is(round(tiny * tiny), 0)
    const [own] = clipped({ clipnorm: tiny / 4 }, dense(tiny, tiny))
    isClose(norm(own), tiny / 4, 4 * tolerance)
    const [one, other] = clipped({ globalClipnorm: tiny / 4 }, dense(tiny), dense(-tiny))
    isClose(norm(one, other), tiny / 4, 4 * tolerance)
    assert.ok(one[0] > 0 && other[0] < 0)
    for (const values of [
      [tiny, -tiny],
      [smallest, -smallest],
      [smallestNormal, 0],
    ]) {
      const [still] = clipped({ clipnorm: 1 }, dense(...values))
      sameBits(still, dense(...values), 'below the limit')
    }
  })

  test(`a limit may be smaller than the norm by more than a double can say in one number (${precision})`, () => {
    for (const [size, limit] of precision === 'float32'
      ? [[1e38, 1e-37]]
      : [
          [1e300, 1e-20],
          [largest, 1e-10],
          [1, 1e-307],
        ]) {
      for (const options of [{ clipnorm: limit }, { globalClipnorm: limit }]) {
        const [after] = clipped(options, dense(3 * (size / 5), -4 * (size / 5)))
        isClose(norm(after), limit, 8 * tolerance)
        isClose(after[0], 0.6 * limit, 8 * tolerance)
      }
    }
  })

  test(`zeros and gradients of nothing have the norm 0 and stay as they are (${precision})`, () => {
    for (const options of [{ clipnorm: 1e-300 }, { globalClipnorm: 1e-300 }, { clipvalue: 1e-300 }]) {
      const [zeros, none] = clipped(options, dense(0, -0), dense())
      sameBits(zeros, dense(0, -0), 'zeros')
      assert.is(none.length, 0)
    }
  })

  test(`a sparse gradient is clipped as given, its repeated rows one by one, and summed afterwards (${precision})`, () => {
    const step = (options: OptimizerOptions) => {
      const recorder = new Recorder(options)
      const table = new Variable(dense(1, 1, 1), { name: 'table', shape: [3, 1] })
      recorder.applyGradients([[{ indices: [2, 0, 2], values: dense(4, 0, 3) }, table]])
      const [gradient] = recorder.given
      assert.ok('indices' in gradient)
      assert.equal([...gradient.indices], [0, 2])
      return gradient.values
    }
    // Summed first, the norm would be 7, and the value 1.
    isAbout(step({ clipnorm: 1 }), [0, 1.4])
    isAbout(step({ globalClipnorm: 1 }), [0, 1.4])
    isAbout(step({ clipvalue: 1 }), [0, 2])
    isAbout(step({}), [0, 7])
  })

  test(`the caller's gradients are not changed (${precision})`, () => {
    for (const options of [{ clipnorm: 0.1 }, { globalClipnorm: 0.1 }, { clipvalue: 0.1 }]) {
      const gradient = dense(3, -4)
      const values = dense(5, 6)
      const recorder = new Recorder(options)
      recorder.applyGradients([
        [gradient, dense(1, 1)],
        [{ indices: [0, 1], values }, dense(1, 1)],
      ])
      sameBits(gradient, dense(3, -4), 'dense')
      sameBits(values, dense(5, 6), 'sparse')
    }
  })

  test(`a NaN or infinity is not clipped but refused, and nothing has moved (${precision})`, () => {
    for (const options of [{ clipnorm: 1 }, { globalClipnorm: 1 }, { clipvalue: 1 }]) {
      for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
        const variables = [dense(1), dense(2, 3)]
        const pairs = (): [FloatArray, FloatArray][] => [
          [dense(1), variables[0]],
          [dense(1, value), variables[1]],
        ]
        const optimizer = new ClippyAdagrad({ ...options, weightDecay: 0.1 })
        optimizer.build(variables)
        untouched(optimizer, variables, () => {
          refuses(() => optimizer.applyGradients(pairs()), RangeError, 'Variable_1', 'gradient[1]', String(value))
        })
        const lenient = new ClippyAdagrad({ ...options, weightDecay: 0.1, nonFiniteGradients: 'skip' })
        assert.is(lenient.applyGradients(pairs()), 0)
        assert.is(lenient.skippedSteps, 1)
        assert.equal([...variables[0], ...variables[1]], [1, 2, 3])
      }
    }
  })
}

/** A gradient of any finite values, and a limit that a double can relate to it. */
const cases = arbitraries.precision.chain((precision: Precision) =>
  fc.record({
    precision: fc.constant(precision),
    values: fc.array(arbitraries.anyFiniteFloat(precision), { minLength: 1, maxLength: 9 }),
    share: fc.oneof(fc.double({ min: 1e-3, max: 2, noNaN: true }), fc.constantFrom(1, 1e-10, 1e10)),
  }),
)

test('the norm after clipping is the limit or less, and the direction stays', () => {
  holds(
    cases,
    ({ precision, values, share }) => {
      const gradient = arrayOf(precision, values)
      const before = norm(gradient)
      const limit = before * share
      if (!(limit > 0 && limit < Number.MAX_VALUE)) return
      const { smallest } = limitsOf(precision)
      const slack = Math.sqrt(values.length) * smallest
      for (const options of [{ clipnorm: limit }, { globalClipnorm: limit }]) {
        const [after] = clipped(options, gradient)
        const scale = Math.min(1, share)
        // What underflows to a subnormal number is off by less than one of those.
        assert.ok(norm(after) <= limit * (1 + 4 * tolerances[precision]) + slack, `${norm(after)} of ${limit}`)
        for (const [i, g] of after.entries()) {
          const off = Math.abs(g - gradient[i] * scale)
          assert.ok(off <= 8 * tolerances[precision] * Math.abs(g) + 2 * smallest, `${gradient[i]} became ${g}`)
        }
      }
    },
    500,
  )
})

test('values after clipvalue are at most the limit, exactly, and keep their sign; those below it keep their bits', () => {
  const inputs = fc.tuple(cases, fc.oneof(fc.double({ min: 1e-3, max: 100, noNaN: true }), fc.constant(5e-324)))
  holds(inputs, ([{ precision, values }, limit]) => {
    const gradient = arrayOf(precision, values)
    const [after] = clipped({ clipvalue: limit }, gradient)
    for (const [i, g] of after.entries()) {
      assert.ok(Math.abs(g) <= limit, `${gradient[i]} became ${g}`)
      if (Math.abs(gradient[i]) <= limit) sameNumber(g, gradient[i], 'a value below the limit')
      else {
        assert.is(Math.sign(1 / g), Math.sign(gradient[i]))
        assert.ok(nextUp(precision, Math.abs(g)) > limit, `${gradient[i]} became ${g}`)
      }
    }
  })
})

/** The next larger number of the type. */
function nextUp(precision: Precision, x: number): number {
  const array = arrayOf(precision, [x])
  const bits = precision === 'float32' ? new Uint32Array(array.buffer) : new BigUint64Array(array.buffer)
  bits[0]++
  return array[0]
}

test('a limit far below the norm clips too, down to subnormal numbers', () => {
  const clipped = (clipping: object, gradient: FloatArray) => {
    const weights = gradient.map(() => 1)
    const optimizer = new (class extends Optimizer {
      seen: Gradient | undefined
      override updateStep(given: Gradient): void {
        this.seen = given
      }
    })(clipping)
    optimizer.applyGradients([[gradient, weights]])
    return optimizer.seen as FloatArray
  }
  for (const option of ['clipnorm', 'globalClipnorm']) {
    const [first, second] = clipped({ [option]: 1e-300 }, Float64Array.of(3e10, 4e10))
    assert.ok(Math.abs(first / 6e-301 - 1) < 1e-12 && Math.abs(second / 8e-301 - 1) < 1e-12, `${first}, ${second}`)
    assert.equal([...clipped({ [option]: 1e-310 }, Float32Array.of(3, 4))], [0, 0])
  }
})

test.run()
