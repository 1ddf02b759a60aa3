import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Descent, descend } from '../../../bench/stability/illustration.ts'

const test = suite('stability: illustration')

function descent(edge: number, start = 1): Descent {
  return { sharpness: 10, learningRate: edge / 10, start, steps: 200 }
}

function near(actual: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(actual - expected) <= tolerance * Math.abs(expected), `${actual}, not ${expected}`)
}

test('without clipping, w is multiplied by 1 − learningRate · sharpness: it grows beyond 2, and shrinks below', () => {
  for (const edge of [0.5, 1.9, 2.1, 3, 20]) {
    const weights = descend(descent(edge), false)
    for (let step = 0; step <= 200; step++) near(weights[step], (1 - edge) ** step, 1e-10)
    assert.is(Math.abs(weights[200]) > 1, edge > 2)
  }
})

test('clipped, w never moves further than half of itself and 0.01, and never leaves where it started', () => {
  for (const edge of [0.5, 1.9, 2.1, 3, 20, 1e6]) {
    for (const start of [1, -3, 1e-3, 1e6]) {
      const weights = descend(descent(edge, start), true)
      const largest = Math.max(Math.abs(start), 0.01)
      weights.forEach((w, step) => {
        assert.ok(Math.abs(w) <= largest, `rate · sharpness ${edge}, step ${step}: ${w}`)
        if (step === 0) return
        const before = weights[step - 1]
        assert.ok(Math.abs(w - before) <= (Math.abs(before) / 2 + 0.01) * (1 + 1e-12))
      })
    }
  }
})

test('clipped beyond the edge, w ends up changing sign at each step at 1/150, whatever the learning rate', () => {
  // There a step of the bound is 2 · |w| = |w| / 2 + 0.01.
  for (const edge of [2.1, 3, 20, 1e6]) {
    for (const start of [1, -3, 1e-3]) {
      const [before, last] = descend(descent(edge, start), true).slice(-2)
      near(Math.abs(last), 1 / 150, 1e-9)
      near(last, -before, 1e-9)
    }
  }
})

test('clipped below the edge, w still converges', () => {
  for (const edge of [0.5, 1, 1.9]) assert.ok(Math.abs(descend(descent(edge), true)[200]) < 1e-9, String(edge))
})

test.run()
