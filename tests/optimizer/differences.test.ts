import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ClippyAdagrad, type FloatArray, Variable } from '../../src/index.ts'
import { refuses, sameBits } from '../support/assertions.ts'
import { arrayOf, limitsOf, precisions } from '../support/precision.ts'

// Central differences stay where the loss is defined, and lists of variables may be functions.
const test = suite('optimizer: differences')

/** The slope of a loss of one weight, by differences. */
function slope(precision: 'float32' | 'float64', weight: number, loss: (w: number) => number): number {
  const w = arrayOf(precision, [weight])
  const [[gradient]] = new ClippyAdagrad().computeGradients(() => loss(w[0]), [w])
  sameBits(w, arrayOf(precision, [weight]), 'the weight')
  return (gradient as FloatArray)[0]
}

for (const precision of precisions) {
  test(`a slope is right to a per cent near the edge of the loss's domain, and at kinks and extremes (${precision})`, () => {
    const { largest } = limitsOf(precision)
    const cases: ReadonlyArray<[number, (w: number) => number, number]> = [
      [0.002, Math.log, 500],
      [0.005, Math.log, 200],
      [0.02, Math.log, 50],
      [2e-4, Math.sqrt, 0.5 / Math.sqrt(2e-4)],
      [1e-3, (w) => 1 / w, -1e6],
      [1e-3, Math.abs, 1],
      [-1e-3, Math.abs, -1],
      [largest, (w) => w / largest, 1 / largest],
      [-largest, (w) => 3 * (w / largest), 3 / largest],
      [0, (w) => 3 * w + w * w, 3],
      [1e-30, (w) => 3 * w + 1, 3],
      [2, (w) => w ** 3, 12],
      [1e6, Math.log, 1e-6],
    ]
    for (const [weight, loss, expected] of cases) {
      const found = slope(precision, weight, loss)
      assert.ok(
        Math.abs(found - expected) <= 0.01 * Math.abs(expected),
        `${loss} at ${weight}: ${found}, not ${expected}`,
      )
    }
  })

  test(`where the loss is not finite there is an error that names the coordinate, and never a NaN (${precision})`, () => {
    for (const [weight, loss] of [
      [0, Math.log],
      [-1, Math.sqrt],
      [1, () => Number.NaN],
    ] as const) {
      const w = new Variable(arrayOf(precision, [5, weight]), { name: 'w' })
      const call = () => new ClippyAdagrad().computeGradients(() => loss(w.value[1]), [w])
      refuses(call, RangeError, "'w'", 'gradient[', 'not finite', '{ value, gradients }')
    }
  })
}

test('varList may be a function, in computeGradients and minimize, which pair its variables as they are in the list', () => {
  const w = Float64Array.of(1, 2)
  const loss = () => w[0] ** 2 + w[1]
  const optimizer = new ClippyAdagrad({ learningRate: 0.1 })
  const [[gradient, variable]] = optimizer.computeGradients(loss, () => [w])
  assert.is(variable, w)
  assert.ok(Math.abs((gradient as FloatArray)[0] - 2) < 1e-6)
  assert.is(
    optimizer.minimize(loss, () => [w]),
    3,
  )
  assert.ok(w[0] < 1)
  refuses(() => optimizer.minimize(loss, (() => w) as never), TypeError, 'varList')
})

test.run()
