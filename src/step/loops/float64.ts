import { float64 } from '../precision.ts'
import type { Loops } from './loops.ts'

/**
 * The loops over float64 arrays. Below 2^-900, flat² · q or one of its factors may have lost digits to subnormal numbers.
 *
 * What a loop compares with is written where it is used: a constant of the module becomes a variable in the bundle, which
 * V8 reads anew for every coordinate. That takes a tenth of a step.
 */
export const float64Loops: Loops<Float64Array> = {
  above(w, a, g, i, n, rate, h) {
    const { relative, absolute, epsilon } = h.loops.tested
    for (; i < n; i++) {
      const left = rate * g[i]
      const flat = Math.abs(w[i]) * relative + absolute
      const right = flat * (a[i] + epsilon) * flat
      if (!(left * left < right && right >= 2 ** -900 && right <= Number.MAX_VALUE)) return i
    }
    return n
  },

  aboveAny(w, a, g, i, n, rate, squares, h) {
    const { relative, accumulatorRelative, absolute, epsilon } = h.loops.tested
    for (; i < n; i++) {
      const left = rate * Math.abs(g[i]) - accumulatorRelative
      const flat = Math.abs(w[i]) * relative + absolute
      const right = flat * (a[i] + squares * g[i] * g[i] + epsilon) * flat
      if (!((left * left < right || left < 0) && right >= 2 ** -900 && right <= Number.MAX_VALUE)) return i
    }
    return n
  },

  update(w, a, g, i, n, factor, accumulates, h) {
    const { relative, absolute, epsilon, lowest } = h.loops.moving
    const rate = h.learningRate * factor
    // Two coordinates at a time: a root or a division does not wait for the one before.
    for (const last = n - 1; i < last; i += 2) {
      const w0 = w[i]
      const a0 = a[i]
      const g0 = g[i]
      const w1 = w[i + 1]
      const a1 = a[i + 1]
      const g1 = g[i + 1]
      const next0 = w0 - (rate * g0) / Math.sqrt(a0 + epsilon)
      const next1 = w1 - (rate * g1) / Math.sqrt(a1 + epsilon)
      const sum0 = a0 + g0 * g0
      const sum1 = a1 + g1 * g1
      if (!(Math.abs(next0 - w0) <= Math.abs(w0) * relative + absolute && a0 >= lowest && sum0 <= Number.MAX_VALUE))
        return i
      if (!(Math.abs(next1 - w1) <= Math.abs(w1) * relative + absolute && a1 >= lowest && sum1 <= Number.MAX_VALUE))
        return i
      w[i] = next0
      w[i + 1] = next1
      if (accumulates) {
        a[i] = sum0
        a[i + 1] = sum1
      }
    }
    return i
  },

  square(a, g, i, n, factor) {
    for (; i < n; i++) {
      const scaled = factor * g[i]
      a[i] = Math.min(a[i] + scaled * scaled, Number.MAX_VALUE)
    }
  },

  squared,

  proposal(w, a, g, factor, h) {
    const q = a + h.epsilon
    return q <= Number.MAX_VALUE
      ? w - (h.learningRate * factor * g) / Math.sqrt(Math.max(q, float64.smallestNormal))
      : NaN
  },
}

function squared(a: number, g: number): number {
  const sum = a + g * g
  return sum > Number.MAX_VALUE && a <= Number.MAX_VALUE ? Number.MAX_VALUE : sum
}
