import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { areaUnderCurve, logLoss, meanLogLoss, sigmoid } from '../../../examples/adult/metrics.ts'

const test = suite('adult: metrics')

/** The definition, pair by pair. */
function countPairs(rows: readonly { score: number; label: number }[]): number {
  let wins = 0
  let pairs = 0
  for (const positive of rows.filter(({ label }) => label === 1)) {
    for (const negative of rows.filter(({ label }) => label === 0)) {
      pairs++
      if (positive.score > negative.score) wins++
      else if (!(positive.score < negative.score)) wins += 0.5
    }
  }
  return wins / pairs
}

function areaOf(rows: readonly { score: number; label: number }[]): number {
  return areaUnderCurve(
    rows.map(({ score }) => score),
    rows.map(({ label }) => label),
  )
}

test('the area under the curve is the share of pairs in the right order, with ties, infinities and NaN', () => {
  const score = fc.oneof(
    fc.integer({ min: -3, max: 3 }),
    fc.double(),
    fc.constantFrom(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 0, -0),
  )
  const row = fc.record({ score, label: fc.constantFrom(0, 1) })
  let withTies = 0
  fc.assert(
    fc.property(fc.array(row, { maxLength: 40 }), (rows) => {
      const complete = [...rows, { score: 0, label: 0 }, { score: 1, label: 1 }]
      if (new Set(complete.map((each) => each.score)).size < complete.length) withTies++
      assert.is(areaOf(complete), countPairs(complete))
    }),
    { numRuns: 1000 },
  )
  assert.ok(withTies > 100, `only ${withTies} cases had ties`)
})

test('a perfect order scores 1, the reverse 0, and equal or NaN scores one half', () => {
  const labels = [0, 0, 1, 1, 1]
  assert.is(areaUnderCurve([1, 2, 3, 4, 5], labels), 1)
  assert.is(areaUnderCurve([5, 4, 3, 2, 1], labels), 0)
  assert.is(areaUnderCurve([2, 2, 2, 2, 2], labels), 0.5)
  assert.is(areaUnderCurve(Array(5).fill(Number.NaN), labels), 0.5)
})

test('the log loss is minus the logarithm of the probability of the label', () => {
  fc.assert(
    fc.property(fc.double({ min: -30, max: 30, noNaN: true }), (logit) => {
      const probability = 1 / (1 + Math.exp(-logit))
      // Where the probability is close to 1, this plain formula itself has an error of about 1e-16.
      assert.ok(Math.abs(logLoss(logit, 1) + Math.log(probability)) < 1e-14 * Math.max(1, Math.abs(logit)))
      assert.ok(Math.abs(logLoss(-logit, 0) + Math.log(probability)) < 1e-14 * Math.max(1, Math.abs(logit)))
    }),
  )
})

test('the log loss of huge logits neither overflows nor becomes NaN', () => {
  assert.is(logLoss(1e300, 0), 1e300)
  assert.is(logLoss(1e300, 1), 0)
  assert.is(logLoss(-1e300, 1), 1e300)
  assert.is(logLoss(Number.POSITIVE_INFINITY, 1), 0)
  assert.is(logLoss(Number.POSITIVE_INFINITY, 0), Number.POSITIVE_INFINITY)
  assert.is(sigmoid(-1e300), 0)
  assert.is(sigmoid(1e300), 1)
})

test('the log loss of many rows is their mean', () => {
  assert.is(meanLogLoss([1e3, 0, -1e3], [0, 1, 1]), (2000 + Math.LN2) / 3)
})

test.run()
