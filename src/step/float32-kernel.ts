import { CHECK_MARGIN, coordinateFactor, settled } from './coordinate.ts'
import { isAbove, testedRate } from './first-pass.ts'
import type { Kernel } from './kernel.ts'
import { float32 } from './precision.ts'

const { largest: LARGEST, smallestNormal: SMALLEST_NORMAL } = float32

// Up to here a + ε cannot overflow.
const LARGEST_EPSILON = 2 ** 100
// More than the rounding error of the float32 root, so that 1/root times this is not above 1/√q.
const ROOT_MARGIN = 1 + 2 ** -22

/**
 * What is stored is computed in float32, every operation rounded, so that four-lane SIMD gives the same bits. Tests are in
 * double, where nothing of float32 overflows, and which saves the rounding.
 */
export const float32Kernel: Kernel<Float32Array> = {
  smallestFactor(variable, accumulator, gradient, start, gradientStart, length, factor, standard, h) {
    const { relative, accumulatorRelative, absolute } = h.forFirstPass
    const { epsilon, testedLearningRate } = h
    let rate = testedRate(testedLearningRate, factor)
    for (let i = start, j = gradientStart; i < start + length; i++, j++) {
      const w = variable[i]
      const g = gradient[j]
      const a = standard ? Math.fround(accumulator[i] + Math.fround(g * g)) : accumulator[i]
      if (isAbove(w, a + epsilon, g, rate, relative, accumulatorRelative, absolute)) continue
      const candidate = coordinateFactor(w, standard ? accumulated(accumulator[i], g) : a, g, h)
      if (candidate >= factor) continue
      if (Number.isNaN(candidate)) return candidate
      factor = candidate
      rate = testedRate(testedLearningRate, factor)
    }
    return factor
  },

  update(variable, accumulator, gradient, start, gradientStart, length, factor, accumulation, h) {
    const { relative, accumulatorRelative, absolute } = h.forBound
    const epsilon = addedEpsilon(h.epsilon)
    const rate = appliedRate(h.learningRate, factor)
    const standard = accumulation === 'standard'
    const delayed = accumulation === 'delayed' || accumulation === 'clipped'
    const squared = accumulation === 'clipped' ? factor : 1
    for (let i = start, j = gradientStart; i < start + length; i++, j++) {
      const w = variable[i]
      const g = gradient[j]
      const a = standard ? accumulated(accumulator[i], g) : accumulator[i]
      const root = Math.fround(Math.sqrt(Math.max(Math.fround(a + epsilon), SMALLEST_NORMAL)))
      const next = Math.fround(w - Math.fround(Math.fround(rate * g) / root))
      const moved = Math.abs(next - w)
      const flat = Math.abs(w) * relative + absolute
      const bound = accumulatorRelative > 0 ? flat + accumulatorRelative / (root * ROOT_MARGIN) : flat
      // Below zero, a + ε may cancel, which float32 is too coarse for.
      if (moved <= bound * CHECK_MARGIN && moved <= LARGEST && a >= 0) variable[i] = next
      else variable[i] = settled(w, a, g, factor, a >= 0 ? next : Number.NaN, h)
      if (standard) accumulator[i] = a
      else if (delayed) accumulator[i] = accumulated(a, Math.fround(squared * g))
    }
  },

  addSquares(accumulator, gradient, start, gradientStart, length, factor) {
    for (let i = start, j = gradientStart; i < start + length; i++, j++) {
      accumulator[i] = accumulated(accumulator[i], Math.fround(factor * gradient[j]))
    }
  },

  appliedRate,
  addedEpsilon,
}

/** a + g², at most the largest float32; `a` itself where it is not finite, for the caller to refuse. */
function accumulated(a: number, g: number): number {
  const sum = Math.fround(a + Math.fround(g * g))
  return sum > LARGEST && a <= LARGEST ? LARGEST : sum
}

function appliedRate(learningRate: number, factor: number): number {
  return Math.fround(learningRate * factor)
}

function addedEpsilon(epsilon: number): number {
  return epsilon <= LARGEST_EPSILON ? Math.fround(epsilon) : Number.NaN
}
