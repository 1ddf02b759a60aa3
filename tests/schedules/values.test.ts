import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  CosineDecay,
  CosineDecayRestarts,
  ExponentialDecay,
  InverseTimeDecay,
  type LearningRateSchedule,
  PiecewiseConstantDecay,
  PolynomialDecay,
} from '../../src/schedules/index.ts'
import { holds } from '../support/property.ts'
import { EXAMPLES, make } from './examples.ts'

/** The rates of each schedule, against values worked out by hand from its formula; the real Keras is in tests/reference. */
const test = suite('schedules/values')

function rates(schedule: LearningRateSchedule, steps: readonly number[]): number[] {
  return steps.map((step) => schedule.at(step))
}

/** `Math.pow` and `Math.cos` may be an ulp off, and differ between engines. */
function close(actual: readonly number[], expected: readonly number[]): void {
  assert.is(actual.length, expected.length)
  for (let i = 0; i < expected.length; i++) {
    assert.ok(
      Math.abs(actual[i] - expected[i]) <= 4e-16 * Math.max(1, expected[i]),
      `${i}: ${actual} is not ${expected}`,
    )
  }
}

function noneRises(schedule: LearningRateSchedule, first: number, last: number): void {
  for (let step = first; step < last; step++) {
    // Neighbours may come out in the wrong order by an ulp of a pow or cos.
    assert.ok(schedule.at(step + 1) <= schedule.at(step) * (1 + 1e-14), `step ${step}`)
  }
}

test('ExponentialDecay: 0.1 · 0.25 ^ (step / 10)', () => {
  const options = { initialLearningRate: 0.1, decaySteps: 10, decayRate: 0.25 }
  // 0.25 ^ 0.5 = 0.5, 0.25 ^ 1 = 0.25, 0.25 ^ 1.5 = 0.125
  close(rates(new ExponentialDecay(options), [0, 5, 10, 15, 20]), [0.1, 0.05, 0.025, 0.0125, 0.00625])
  const stairs = new ExponentialDecay({ ...options, staircase: true })
  close(rates(stairs, [0, 5, 9, 10, 15, 19, 20]), [0.1, 0.1, 0.1, 0.025, 0.025, 0.025, 0.00625])
})

test('ExponentialDecay: rates of 0 and above 1', () => {
  const options = { initialLearningRate: 0.5, decaySteps: 10 }
  assert.equal(rates(new ExponentialDecay({ ...options, decayRate: 0 }), [0, 1, 10]), [0.5, 0, 0])
  assert.equal(rates(new ExponentialDecay({ ...options, decayRate: 1 }), [0, 1, 2 ** 52]), [0.5, 0.5, 0.5])
  assert.equal(rates(new ExponentialDecay({ ...options, decayRate: 4 }), [0, 5, 10]), [0.5, 1, 2])
  const zero = new ExponentialDecay({ initialLearningRate: 0, decaySteps: 1, decayRate: 10 })
  assert.is(zero.at(1000), 0, 'not 0 · Infinity')
})

test('InverseTimeDecay: 0.1 / (1 + 0.5 · step / 10)', () => {
  const options = { initialLearningRate: 0.1, decaySteps: 10, decayRate: 0.5 }
  // The divisors are 1, 1.25, 1.5, 2 and 6.
  close(rates(new InverseTimeDecay(options), [0, 5, 10, 20, 100]), [0.1, 0.08, 0.1 / 1.5, 0.05, 0.1 / 6])
  const stairs = new InverseTimeDecay({ ...options, staircase: true })
  close(rates(stairs, [0, 9, 10, 19, 20]), [0.1, 0.1, 0.1 / 1.5, 0.1 / 1.5, 0.05])
})

test('PolynomialDecay: 0.25 + 0.5 · (1 − step / 8) ^ power, then 0.25', () => {
  const options = { initialLearningRate: 0.75, decaySteps: 8, endLearningRate: 0.25 }
  assert.equal(
    rates(new PolynomialDecay(options), [0, 2, 4, 6, 8, 9, 1000]),
    [0.75, 0.625, 0.5, 0.375, 0.25, 0.25, 0.25],
  )
  assert.equal(rates(new PolynomialDecay({ ...options, power: 2 }), [0, 4, 8]), [0.75, 0.375, 0.25])
  assert.equal(rates(new PolynomialDecay({ ...options, power: 0.5 }), [0, 6, 8]), [0.75, 0.5, 0.25])
  assert.equal(rates(new PolynomialDecay({ ...options, power: 0 }), [0, 6, 8, 9]), [0.75, 0.75, 0.75, 0.75])
})

test('PolynomialDecay: cycle', () => {
  const options = { initialLearningRate: 0.75, decaySteps: 8, endLearningRate: 0.25, cycle: true }
  // Step 0 counts as the start of the first cycle; after the first multiple of 8 a cycle is seen as 16 steps long, so step
  // 12 is 3/4 through it; step 20 is 20/24 through the next.
  const expected = [0.75, 0.5, 0.25, 0.25 + 0.5 * (1 - 9 / 16), 0.375, 0.25, 0.25 + 0.5 * (1 - 20 / 24), 0.25]
  close(rates(new PolynomialDecay(options), [0, 4, 8, 9, 12, 16, 20, 24]), expected)
})

test('PiecewiseConstantDecay: a boundary belongs to the value before it', () => {
  const schedule = new PiecewiseConstantDecay({ boundaries: [0, 10, 20], values: [4, 1, 0.5, 0.1] })
  assert.equal(rates(schedule, [0, 1, 10, 11, 20, 21, 2 ** 52]), [4, 1, 1, 0.5, 0.5, 0.1, 0.1])
  assert.equal(rates(new PiecewiseConstantDecay({ boundaries: [], values: [0.3] }), [0, 1000]), [0.3, 0.3])
  assert.equal(rates(new PiecewiseConstantDecay({ boundaries: [2.5], values: [2, 1] }), [2, 3]), [2, 1])
})

test('CosineDecay: half a cosine wave down to alpha', () => {
  const options = { initialLearningRate: 0.5, decaySteps: 12 }
  // cos(π/3) = 1/2 at step 4 and cos(2π/3) = −1/2 at step 8, so 3/4, 1/2 and 1/4 of the way are left.
  close(rates(new CosineDecay(options), [0, 4, 6, 8, 12, 13, 1000]), [0.5, 0.375, 0.25, 0.125, 0, 0, 0])
  close(rates(new CosineDecay({ ...options, alpha: 0.2 }), [0, 6, 12, 13]), [0.5, 0.3, 0.1, 0.1])
  close(rates(new CosineDecay({ ...options, alpha: 1 }), [0, 6, 12]), [0.5, 0.5, 0.5])
})

test('CosineDecay: warm-up', () => {
  const options = { initialLearningRate: 0.1, decaySteps: 12, warmupTarget: 0.5, warmupSteps: 4 }
  close(rates(new CosineDecay(options), [0, 1, 2, 4, 8, 10, 16, 17]), [0.1, 0.2, 0.3, 0.5, 0.375, 0.25, 0, 0])
  const none = new CosineDecay({ ...options, warmupSteps: 0 })
  close(rates(none, [0, 4, 12]), [0.5, 0.375, 0])
  const down = new CosineDecay({ ...options, warmupTarget: 0 })
  close(rates(down, [0, 2, 4, 10]), [0.1, 0.05, 0, 0])
  const ignored = new CosineDecay({ ...options, warmupTarget: null })
  close(rates(ignored, [0, 6, 12]), [0.1, 0.05, 0])
})

test('CosineDecayRestarts: periods of 4, 8, 16 steps', () => {
  const options = { initialLearningRate: 0.5, firstDecaySteps: 4 }
  close(rates(new CosineDecayRestarts(options), [0, 2, 4, 8, 12, 20, 28]), [0.5, 0.25, 0.5, 0.25, 0.5, 0.25, 0.5])
  const lower = new CosineDecayRestarts({ ...options, mMul: 0.5, alpha: 0.2 })
  // 0.5 · (0.8 · mMul^i · wave + 0.2)
  close(rates(lower, [0, 2, 4, 8, 12, 20]), [0.5, 0.3, 0.3, 0.2, 0.2, 0.15])
})

test('CosineDecayRestarts: periods of the same length', () => {
  const options = { initialLearningRate: 0.5, firstDecaySteps: 6, tMul: 1, mMul: 0.5 }
  close(
    rates(new CosineDecayRestarts(options), [0, 2, 3, 6, 9, 12, 18]),
    [0.5, 0.375, 0.25, 0.25, 0.125, 0.125, 0.0625],
  )
})

test('CosineDecayRestarts: a restart falls on its exact step', () => {
  // The starts in exact arithmetic, as fractions of integers: tMul = numerator / denominator.
  const ratios = [
    [1, 1],
    [2, 1],
    [3, 1],
    [10, 1],
    [3, 2],
    [5, 4],
    [11, 10],
    [6, 5],
    [13, 10],
    [101, 100],
  ]
  let found = 0
  for (const [numerator, denominator] of ratios) {
    for (const first of [1, 3, 10, 100, 1000, 10_000]) {
      const schedule = new CosineDecayRestarts({
        initialLearningRate: 1,
        firstDecaySteps: first,
        tMul: numerator / denominator,
        mMul: 0.5,
      })
      let length = [BigInt(first), 1n]
      let start = [0n, 1n]
      for (let period = 0; period < 30 && start[0] / start[1] < 2n ** 52n; period++) {
        if (start[0] % start[1] === 0n) {
          const step = Number(start[0] / start[1])
          assert.is(schedule.at(step), 0.5 ** period, `tMul ${numerator}/${denominator}, first ${first}, step ${step}`)
          found++
        }
        start = [start[0] * length[1] + length[0] * start[1], start[1] * length[1]]
        length = [length[0] * BigInt(numerator), length[1] * BigInt(denominator)]
      }
    }
  }
  assert.ok(found > 500, `${found} restarts on whole steps`)
})

test('CosineDecayRestarts: the last step before a restart is near the end of its period', () => {
  holds(
    fc.tuple(fc.integer({ min: 50, max: 2000 }), fc.constantFrom(1, 2, 3), fc.integer({ min: 1, max: 12 })),
    ([first, tMul, periods]) => {
      const schedule = new CosineDecayRestarts({ initialLearningRate: 1, firstDecaySteps: first, tMul })
      let start = 0
      for (let period = 0; period < periods; period++) start += first * tMul ** period
      assert.is(schedule.at(start), 1)
      assert.ok(schedule.at(start - 1) < 0.001, `${schedule.at(start - 1)}`)
    },
  )
})

test('CosineDecayRestarts: a ratio just above 1 is found without walking through the periods', () => {
  const schedule = new CosineDecayRestarts({ initialLearningRate: 1, firstDecaySteps: 1, tMul: 1 + 2 ** -52 })
  const started = performance.now()
  for (let i = 0; i < 100; i++) schedule.at(Number.MAX_SAFE_INTEGER - i)
  assert.ok(performance.now() - started < 1000)
})

test('each rate starts exactly at the initial one', () => {
  for (const { Schedule, arbitrary } of EXAMPLES) {
    holds(arbitrary, (options) => {
      if ('boundaries' in options || 'warmupLearningRate' in options) return
      const { initialLearningRate, warmupTarget = null, warmupSteps = 0 } = options
      const start = warmupTarget === null || warmupSteps !== 0 ? initialLearningRate : warmupTarget
      assert.is(make(Schedule, options).at(0), start)
    })
  }
})

const decay = fc.record({
  initialLearningRate: fc.double({ min: 0, max: 10, noNaN: true }),
  decaySteps: fc.integer({ min: 1, max: 60 }),
})
const share = fc.double({ min: 0, max: 1, noNaN: true })

test('ExponentialDecay and InverseTimeDecay never rise with a rate that decays', () => {
  holds(fc.tuple(decay, share, fc.boolean()), ([options, decayRate, staircase]) => {
    noneRises(new ExponentialDecay({ ...options, decayRate, staircase }), 0, 100)
    noneRises(new InverseTimeDecay({ ...options, decayRate, staircase }), 0, 100)
  })
})

test('a staircase meets the smooth curve at each of its steps and is constant between them', () => {
  holds(fc.tuple(decay, share, fc.nat(20), fc.nat()), ([options, decayRate, period, offset]) => {
    const { decaySteps } = options
    const inside = period * decaySteps + (offset % decaySteps)
    for (const Schedule of [ExponentialDecay, InverseTimeDecay]) {
      const stairs = new Schedule({ ...options, decayRate, staircase: true })
      assert.is(stairs.at(period * decaySteps), new Schedule({ ...options, decayRate }).at(period * decaySteps))
      assert.is(stairs.at(inside), stairs.at(period * decaySteps))
    }
  })
})

test('PolynomialDecay stays between its two rates, moves one way, and ends exactly at the second', () => {
  const end = fc.double({ min: 0, max: 10, noNaN: true })
  const power = fc.double({ min: 0.01, max: 5, noNaN: true })
  holds(fc.tuple(decay, end, power), ([options, endLearningRate, power]) => {
    const { initialLearningRate, decaySteps } = options
    const schedule = new PolynomialDecay({ ...options, endLearningRate, power })
    if (endLearningRate <= initialLearningRate) noneRises(schedule, 0, decaySteps + 2)
    for (let step = 0; step < decaySteps + 2; step++) {
      const rate = schedule.at(step)
      assert.ok(rate >= Math.min(initialLearningRate, endLearningRate))
      assert.ok(rate <= Math.max(initialLearningRate, endLearningRate))
    }
    const cyclic = new PolynomialDecay({ ...options, endLearningRate, power, cycle: true })
    for (const step of [decaySteps, decaySteps + 1, 2 ** 50]) assert.is(schedule.at(step), endLearningRate)
    for (const cycles of [1, 2, 7]) assert.is(cyclic.at(cycles * decaySteps), endLearningRate)
    for (let step = 0; step <= decaySteps; step++) assert.is(cyclic.at(step), schedule.at(step))
  })
})

test('CosineDecay rises in its warm-up, meets the target exactly, falls, and stays at alpha', () => {
  holds(fc.tuple(decay, share, share, fc.integer({ min: 1, max: 30 })), ([options, rise, alpha, warmupSteps]) => {
    const warmupTarget = options.initialLearningRate + rise
    const schedule = new CosineDecay({ ...options, alpha, warmupTarget, warmupSteps })
    for (let step = 0; step < warmupSteps; step++) {
      assert.ok(schedule.at(step) <= schedule.at(step + 1) * (1 + 1e-14))
    }
    assert.is(schedule.at(warmupSteps), warmupTarget)
    const end = warmupSteps + options.decaySteps
    noneRises(schedule, warmupSteps, end + 2)
    for (const step of [end, end + 1, 2 ** 50]) assert.is(schedule.at(step), warmupTarget * alpha)
  })
})

test('CosineDecayRestarts starts as CosineDecay and falls within each period', () => {
  holds(fc.tuple(decay, share, fc.constantFrom(1, 1.5, 2, 3), share), ([options, alpha, tMul, mMul]) => {
    const { initialLearningRate, decaySteps } = options
    const schedule = new CosineDecayRestarts({ initialLearningRate, firstDecaySteps: decaySteps, tMul, mMul, alpha })
    const single = new CosineDecay({ initialLearningRate, decaySteps, alpha })
    for (let step = 0; step < decaySteps; step++) assert.is(schedule.at(step), single.at(step))
    const secondStart = decaySteps
    const secondEnd = Math.ceil(secondStart + decaySteps * tMul)
    noneRises(schedule, secondStart, secondEnd - 1)
  })
})

test.run()
