import { type Gradient, type Optimizer, Variable } from 'clippy-adagrad'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { AgcAdagrad } from '../../../bench/stability/agc.ts'
import { Lamb } from '../../../bench/stability/lamb.ts'
import { findMethod } from '../../../bench/stability/methods.ts'
import { seededRandom } from '../../../examples/adult/random.ts'
import { sameBits } from '../../support/assertions.ts'

const test = suite('stability: baselines')

/** The expected numbers are worked out by hand to seven digits. */
function near(actual: ArrayLike<number>, expected: readonly number[], tolerance = 1e-6): void {
  assert.is(actual.length, expected.length)
  expected.forEach((value, i) => {
    assert.ok(Math.abs(actual[i] - value) <= tolerance, `[${i}]: ${actual[i]}, not ${value}`)
  })
}

function step(optimizer: Optimizer, ...pairs: [Gradient, Variable][]): void {
  optimizer.applyGradients(pairs)
}

const doubles = (...values: number[]) => Float64Array.of(...values)

// √0.9: brings an accumulator that starts at 0.1 to 1, then to 1.9.
const ROOT = 0.9486833

test('Adagrad adds the gradient to the accumulator before it divides by its root', () => {
  const optimizer = findMethod('Adagrad').create(0.5, [])
  const w = new Variable(doubles(1, 2), { name: 'w' })
  step(optimizer, [doubles(ROOT, 0), w])
  near(w.value, [1 - 0.5 * 0.9486833, 2])
  step(optimizer, [doubles(ROOT, -ROOT), w])
  near(w.value, [1 - 0.5 * (0.9486833 + 0.6882472), 2 + 0.5 * 0.9486833])
})

test('Adagrad moves only the rows that a sparse gradient names', () => {
  const optimizer = findMethod('Adagrad').create(0.5, [])
  const table = new Variable(doubles(1, 1, 2, 2), { name: 'table', shape: [2, 2] })
  step(optimizer, [{ indices: [1], values: doubles(ROOT, 0) }, table])
  step(optimizer, [{ indices: [1], values: doubles(ROOT, ROOT) }, table])
  near(table.value, [1, 1, 2 - 0.5 * (0.9486833 + 0.6882472), 2 - 0.5 * 0.9486833])
})

test("Adagrad has the bits of the textbook's loop in float32, however large the rate", () => {
  const random = seededRandom(4)
  const optimizer = findMethod('Adagrad').create(30, [])
  const w = Float32Array.from({ length: 7 }, () => random() - 0.5)
  const [expected, accumulator] = [w.slice(), new Float32Array(7).fill(0.1)]
  const epsilon = Math.fround(1e-7)
  for (let k = 0; k < 50; k++) {
    const gradient = Float32Array.from({ length: 7 }, () => (random() - 0.5) * 10 ** (k % 5))
    optimizer.applyGradients([[gradient, w]])
    for (let i = 0; i < 7; i++) {
      accumulator[i] += Math.fround(gradient[i] * gradient[i])
      const root = Math.fround(Math.sqrt(Math.fround(accumulator[i] + epsilon)))
      expected[i] -= Math.fround(Math.fround(30 * gradient[i]) / root)
    }
  }
  sameBits(w, expected, 'w')
})

test('GC scales all gradients together, sparse ones too, to a norm of 0.03', () => {
  const optimizer = findMethod('Adagrad + GC').create(1, [])
  const w = new Variable(doubles(0), { name: 'w' })
  const table = new Variable(doubles(0, 0), { name: 'table', shape: [2, 1] })
  // The norm is 5, so the gradients become 0.018 and 0.024, and the accumulators 0.100324 and 0.100576.
  step(optimizer, [doubles(3), w], [{ indices: [1], values: doubles(4) }, table])
  near(w.value, [-0.0568291])
  near(table.value, [0, -0.0756771])
})

test('GC leaves gradients of a smaller norm as they are', () => {
  const optimizer = findMethod('Adagrad + GC').create(1, [])
  const plain = findMethod('Adagrad').create(1, [])
  const [one, other] = [doubles(1, 2), doubles(1, 2)]
  optimizer.applyGradients([[doubles(0.01, 0.02), one]])
  plain.applyGradients([[doubles(0.01, 0.02), other]])
  sameBits(one, other, 'w')
})

/** Where Adagrad goes from `w` with gradient `g`, with a rate of 1 and an accumulator that starts at 1. */
function adagrad(w: number, g: number): number {
  return w - g / Math.sqrt(1 + g * g)
}

const PLAIN = { learningRate: 1, initialAccumulatorValue: 1, epsilon: 0 }

test('AGC clips each column of weights to a hundredth of its norm', () => {
  const optimizer = new AgcAdagrad(PLAIN)
  // Three units: (3, 4), of norm 5; (0, 0), which counts as 0.001; (1, 0), whose gradient is small enough.
  const w = new Variable(doubles(3, 0, 1, 4, 0, 0), { name: 'w', shape: [2, 3] })
  step(optimizer, [doubles(6, 0, 0.003, 8, 2, 0.004), w])
  const clipped = [0.03, 0, 0.003, 0.04, 1e-5, 0.004]
  const before = [3, 0, 1, 4, 0, 0]
  near(
    w.value,
    before.map((value, i) => adagrad(value, clipped[i])),
    1e-15,
  )
})

test('AGC takes a bias as one unit', () => {
  const bias = new Variable(doubles(3, 4), { name: 'bias' })
  step(new AgcAdagrad(PLAIN), [doubles(6, 8), bias])
  near(bias.value, [adagrad(3, 0.03), adagrad(4, 0.04)], 1e-15)
})

test('AGC takes each row that a sparse gradient names as a unit', () => {
  const table = new Variable(doubles(1, 0, 5, 5, 3, 4), { name: 'table', shape: [3, 2] })
  step(new AgcAdagrad(PLAIN), [{ indices: [2, 0], values: doubles(6, 8, 0.003, 0.004) }, table])
  near(table.value, [adagrad(1, 0.003), adagrad(0, 0.004), 5, 5, adagrad(3, 0.03), adagrad(4, 0.04)], 1e-15)
})

test('AGC leaves the final layer alone', () => {
  const [hidden, output] = ['hidden', 'output'].map((name) => new Variable(doubles(3, 4), { name }))
  step(new AgcAdagrad({ ...PLAIN, unclipped: [output] }), [doubles(6, 8), hidden], [doubles(6, 8), output])
  near(hidden.value, [adagrad(3, 0.03), adagrad(4, 0.04)], 1e-15)
  near(output.value, [adagrad(3, 6), adagrad(4, 8)], 1e-15)
})

test("LAMB's step has the variable's norm times the rate, in the direction of the corrected moments", () => {
  const optimizer = new Lamb({ learningRate: 0.1 })
  const x = new Variable(doubles(3, 4), { name: 'x' })
  // At first r is the sign of the gradient: 0.1 · 5 / √2 each.
  step(optimizer, [doubles(2, -0.5), x])
  near(x.value, [2.6464466, 4.3535534])
  // r₁ is 1 again; r₂ = −(0.09 / 0.19) / √(0.000999 / 0.001999) = −0.6700582, so ‖r‖ = 1.2037351; ‖x‖ = 5.0948115.
  step(optimizer, [doubles(2, 0), x])
  near(x.value, [2.2231963, 4.6371557], 2e-6)
})

test('LAMB moves a variable of zeros by the rate itself', () => {
  const x = new Variable(doubles(0, 0), { name: 'bias' })
  step(new Lamb({ learningRate: 0.1 }), [doubles(2, -0.5), x])
  near(x.value, [-0.1, 0.1])
})

test('LAMB takes a sparse gradient for the dense one: rows that are not named move too', () => {
  const optimizer = new Lamb({ learningRate: 0.1 })
  const table = new Variable(doubles(3, 0, 0, 4), { name: 'table', shape: [2, 2] })
  step(optimizer, [{ indices: [1], values: doubles(1, 1) }, table])
  near(table.value, [3, 0, -0.3535534, 3.6464466])
  // Row 1 goes on by 0.1 · 4.7351423 / √2: both its values have the same r.
  step(optimizer, [{ indices: [0], values: doubles(0, 0) }, table])
  near(table.value, [3, 0, -0.6883784, 3.3116216], 2e-6)
})

test.run()
