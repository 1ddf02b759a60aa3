import { float32 } from '../precision.ts'
import type { Loops } from './loops.ts'

const { largest: LARGEST, smallestNormal: SMALLEST_NORMAL } = float32

/**
 * The loops over float32 arrays. What is stored is worked out in float32, every operation rounded, so that four-lane SIMD
 * gives the same bits; tests are in double, where nothing of float32 overflows, and which saves the rounding.
 */
export const float32Loops: Loops<Float32Array> = {
  above(w, a, g, i, n, rate, h) {
    const { relative, absolute, epsilon } = h.loops.tested
    for (; i < n; i++) {
      const left = rate * g[i]
      const flat = Math.abs(w[i]) * relative + absolute
      const right = flat * flat * (a[i] + epsilon)
      if (!(left * left < right && right <= Number.MAX_VALUE)) return i
    }
    return n
  },

  aboveAny(w, a, g, i, n, rate, squares, h) {
    const { relative, accumulatorRelative, absolute, epsilon } = h.loops.tested
    const { largest } = h.precision
    for (; i < n; i++) {
      const left = rate * Math.abs(g[i]) - accumulatorRelative
      const flat = Math.abs(w[i]) * relative + absolute
      const q = a[i] + squares * g[i] * g[i] + epsilon
      const right = flat * flat * q
      const isAbove = left * left < right || (left < 0 && right > 0)
      // Below zero, a + g² may cancel with ε, for which its rounding to float32 is too coarse.
      if (!(isAbove && right <= Number.MAX_VALUE && q <= largest && a[i] >= 0)) return i
    }
    return n
  },

  update(w, a, g, i, n, factor, accumulates, h) {
    const { relative, absolute, epsilon, lowest } = h.loops.moving
    const rate = Math.fround(h.learningRate * factor)
    // Two coordinates at a time: a root or a division does not wait for the one before.
    for (const last = n - 1; i < last; i += 2) {
      const w0 = w[i]
      const a0 = a[i]
      const g0 = g[i]
      const w1 = w[i + 1]
      const a1 = a[i + 1]
      const g1 = g[i + 1]
      const move0 = Math.fround(Math.fround(rate * g0) / Math.fround(Math.sqrt(Math.fround(a0 + epsilon))))
      const move1 = Math.fround(Math.fround(rate * g1) / Math.fround(Math.sqrt(Math.fround(a1 + epsilon))))
      const sum0 = a0 + Math.fround(g0 * g0)
      const sum1 = a1 + Math.fround(g1 * g1)
      // The last condition keeps both the sum and the moved w far from overflow.
      if (!(Math.abs(move0) <= Math.abs(w0) * relative + absolute && a0 >= lowest && sum0 + Math.abs(w0) <= 2 ** 126))
        return i
      if (!(Math.abs(move1) <= Math.abs(w1) * relative + absolute && a1 >= lowest && sum1 + Math.abs(w1) <= 2 ** 126))
        return i
      w[i] = w0 - move0
      w[i + 1] = w1 - move1
      if (accumulates) {
        a[i] = sum0
        a[i + 1] = sum1
      }
    }
    return i
  },

  square(a, g, i, n, factor) {
    for (; i < n; i++) {
      const scaled = Math.fround(factor * g[i])
      a[i] = Math.min(Math.fround(a[i] + Math.fround(scaled * scaled)), LARGEST)
    }
  },

  squared,

  proposal(w, a, g, factor, h) {
    if (!(a >= 0)) return NaN
    const root = Math.fround(Math.sqrt(Math.max(Math.fround(a + h.loops.moving.epsilon), SMALLEST_NORMAL)))
    return Math.fround(w - Math.fround(Math.fround(Math.fround(h.learningRate * factor) * g) / root))
  },
}

function squared(a: number, g: number): number {
  const sum = Math.fround(a + Math.fround(g * g))
  return sum > LARGEST && a <= LARGEST ? LARGEST : sum
}
