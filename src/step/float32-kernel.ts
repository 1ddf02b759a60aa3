import { coordinateFactor, settled } from './coordinate.ts'
import type { Kernel } from './kernel.ts'
import { float32 } from './precision.ts'

const { largest: LARGEST, smallestNormal: SMALLEST_NORMAL } = float32

// Squares below TINY may have lost digits to subnormal numbers; its root stands in for anything smaller.
const TINY = 2 ** -100
const TINY_ROOT = 2 ** -50
// A bound below this may have, too.
const SMALLEST_BOUND = 2 ** -120
// More than the rounding errors of both sides of the first pass's test together (about 20 · 2^-24).
const MARGIN = 1 + 2 ** -19
// Up to here a + ε cannot overflow.
const LARGEST_EPSILON = 2 ** 100

/** Every operation rounded to float32, so that four-lane SIMD gives the same bits. */
export const float32Kernel: Kernel<Float32Array> = {
  smallestFactor(variable, accumulator, gradient, start, gradientStart, length, factor, standard, h) {
    const { relative, accumulatorRelative, absolute } = h.forFirstPass
    const epsilon = addedEpsilon(h.epsilon)
    let rate = testedRate(h.testedLearningRate, factor)
    for (let i = start, j = gradientStart; i < start + length; i++, j++) {
      const w = variable[i]
      const g = gradient[j]
      const a = standard ? Math.fround(accumulator[i] + Math.fround(g * g)) : accumulator[i]
      // factor · |Δ| < bound, multiplied by √q and squared: no root, no division. What is NaN or infinite fails.
      const flat = Math.fround(Math.fround(Math.abs(w) * relative) + absolute)
      const flat2 = Math.fround(flat * flat)
      const above = Math.fround(Math.fround(rate * Math.abs(g)) - accumulatorRelative)
      const over = Math.max(above, TINY_ROOT)
      const right = Math.fround(flat2 * Math.fround(a + epsilon))
      if (Math.fround(over * over) < right && right <= LARGEST && flat2 >= TINY && a >= 0) continue
      const candidate = coordinateFactor(w, standard ? accumulated(accumulator[i], g) : a, g, h)
      if (candidate >= factor) continue
      if (Number.isNaN(candidate)) return candidate
      factor = candidate
      rate = testedRate(h.testedLearningRate, factor)
    }
    return factor
  },

  moveVariable(variable, accumulator, gradient, start, gradientStart, length, factor, h) {
    const { relative, accumulatorRelative, absolute } = h.forKernel
    const epsilon = addedEpsilon(h.epsilon)
    const rate = appliedRate(h.learningRate, factor)
    for (let i = start, j = gradientStart; i < start + length; i++, j++) {
      const w = variable[i]
      const a = accumulator[i]
      const sum = Math.fround(a + epsilon)
      const root = Math.fround(Math.sqrt(Math.max(sum, SMALLEST_NORMAL)))
      const next = Math.fround(w - Math.fround(Math.fround(rate * gradient[j]) / root))
      const flat = Math.fround(Math.fround(Math.abs(w) * relative) + absolute)
      const bound = accumulatorRelative > 0 ? Math.fround(flat + Math.fround(accumulatorRelative / root)) : flat
      const moved = Math.abs(Math.fround(next - w))
      // Not `moved === 0 ||`, which half of the coordinates may satisfy at random: a branch that nothing predicts.
      const isSettled = moved <= bound && moved <= LARGEST && bound >= SMALLEST_BOUND
      // Below zero, a + ε may cancel, which float32 is too coarse for.
      variable[i] = isSettled && a >= 0 ? next : settled(w, a, gradient[j], factor, a >= 0 ? next : Number.NaN, h)
    }
  },

  addSquares(accumulator, gradient, start, gradientStart, length, factor) {
    for (let i = start, j = gradientStart; i < start + length; i++, j++) {
      accumulator[i] = accumulated(accumulator[i], Math.fround(factor * gradient[j]))
    }
  },

  testedRate,
  appliedRate,
  addedEpsilon,
}

/** a + g², at most the largest float32; `a` itself where it is not finite, for the caller to refuse. */
function accumulated(a: number, g: number): number {
  const sum = Math.fround(a + Math.fround(g * g))
  return sum > LARGEST && a <= LARGEST ? LARGEST : sum
}

function testedRate(learningRate: number, factor: number): number {
  if (learningRate === 0 || factor === 0) return 0
  return Math.max(Math.fround(learningRate * factor * MARGIN), SMALLEST_NORMAL)
}

function appliedRate(learningRate: number, factor: number): number {
  return Math.fround(learningRate * factor)
}

function addedEpsilon(epsilon: number): number {
  return epsilon <= LARGEST_EPSILON ? Math.fround(epsilon) : Number.NaN
}
