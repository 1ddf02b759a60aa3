import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { fitPowerLaw, scaled, summarise } from '../../bench/statistics.ts'

const test = suite('bench: statistics')

function isNear(got: number, want: number): void {
  assert.ok(Math.abs(got - want) <= 1e-12 * Math.max(1, Math.abs(want)), `${got}, expected ${want}`)
}

test('median and quartiles, in any order, between neighbours in proportion', () => {
  assert.equal(summarise([5, 1, 4, 2, 3]), { median: 3, lowerQuartile: 2, upperQuartile: 4 })
  assert.equal(summarise([1, 2, 3, 4]), { median: 2.5, lowerQuartile: 1.75, upperQuartile: 3.25 })
  assert.equal(summarise([7]), { median: 7, lowerQuartile: 7, upperQuartile: 7 })
  assert.throws(
    () => summarise([]),
    (error: unknown) => error instanceof RangeError,
  )
})

test('the given values stay as they are', () => {
  const values = [3, 1, 2]
  summarise(values)
  assert.equal(values, [3, 1, 2])
})

test('a summary in another unit', () => {
  assert.equal(scaled({ median: 4, lowerQuartile: 2, upperQuartile: 6 }, 0.5), {
    median: 2,
    lowerQuartile: 1,
    upperQuartile: 3,
  })
})

test('the fit finds the power law that points lie on', () => {
  for (const exponent of [-1, 0, 0.5, 1, 2.25]) {
    const { exponent: fitted, coefficient } = fitPowerLaw([1, 10, 37, 4000].map((x) => ({ x, y: 3 * x ** exponent })))
    isNear(fitted, exponent)
    isNear(coefficient, 3)
  }
})

test('the fit goes between points that lie on none', () => {
  // Factors of 2 above and below that cancel out in the logarithms.
  const points = [
    { x: 1, y: 2 },
    { x: 1, y: 0.5 },
    { x: 100, y: 200 },
    { x: 100, y: 50 },
  ]
  const { exponent, coefficient } = fitPowerLaw(points)
  isNear(exponent, 1)
  isNear(coefficient, 1)
})

test('one size is not enough for a fit', () => {
  for (const points of [
    [],
    [{ x: 2, y: 3 }],
    [
      { x: 2, y: 3 },
      { x: 2, y: 4 },
    ],
  ]) {
    assert.throws(
      () => fitPowerLaw(points),
      (error: unknown) => error instanceof RangeError,
    )
  }
})

test.run()
