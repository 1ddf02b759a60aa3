import { float32 } from '../precision.ts'
import { CHECK_MARGIN, coordinateFactor, settled } from './coordinate.ts'
import { isAbove, testedRate } from './first-pass.ts'
import type { Kernel } from './kernel.ts'

const { largest: LARGEST, smallestNormal: SMALLEST_NORMAL } = float32

// Up to here a + ε cannot overflow.
const LARGEST_EPSILON = 2 ** 100

/**
 * What is stored is computed in float32, every operation rounded, so that four-lane SIMD gives the same bits. Tests are in
 * double, where nothing of float32 overflows, and which saves the rounding.
 *
 * A pass is a loop in a loop: the inner one calls nothing but what V8 inlines and chooses between no two numbers, either of
 * which makes it twice as slow; the outer one takes the coordinates that need care.
 */
export const float32Kernel: Kernel<Float32Array> = {
  smallestFactor(variable, accumulator, gradient, start, gradientStart, length, factor, standard, h) {
    const { relative, accumulatorRelative, absolute } = h.forFirstPass
    const { epsilon, testedLearningRate } = h
    const added = standard ? 1 : 0
    const end = start + length
    let rate = testedRate(testedLearningRate, factor)
    for (let i = start, j = gradientStart; i < end; i++, j++) {
      for (; i < end; i++, j++) {
        const g = gradient[j]
        const s = Math.fround(added * g)
        const a = Math.fround(accumulator[i] + Math.fround(s * s))
        if (!isAbove(variable[i], a + epsilon, g, rate, relative, accumulatorRelative, absolute)) break
      }
      if (i === end) break
      const a = accumulator[i]
      const candidate = coordinateFactor(variable[i], standard ? accumulated(a, gradient[j]) : a, gradient[j], h)
      if (candidate >= factor) continue
      if (Number.isNaN(candidate)) return candidate
      factor = candidate
      rate = testedRate(testedLearningRate, factor)
    }
    return factor
  },

  update(variable, accumulator, gradient, start, gradientStart, length, factor, accumulation, h) {
    if (accumulation === 'standard') addSquares(accumulator, gradient, start, gradientStart, length, 1)
    const { relative, absolute } = h.forBound
    const epsilon = addedEpsilon(h.epsilon)
    const rate = appliedRate(h.learningRate, factor)
    const accumulates = accumulation === 'delayed' || accumulation === 'clipped'
    const squared = accumulation === 'clipped' ? factor : 1
    const end = start + length
    for (let i = start, j = gradientStart; i < end; i++, j++) {
      for (; i < end; i++, j++) {
        const w = variable[i]
        const a = accumulator[i]
        const g = gradient[j]
        const next = moved(w, a, g, rate, epsilon)
        const distance = Math.abs(next - w)
        // Without the accumulator's part of the bound. Below zero, a + ε may cancel, which float32 is too coarse for.
        const bound = Math.abs(w) * relative + absolute
        if (!(distance <= bound * CHECK_MARGIN && distance <= LARGEST && a >= 0)) break
        variable[i] = next
        const s = Math.fround(squared * g)
        if (accumulates) accumulator[i] = Math.min(Math.fround(a + Math.fround(s * s)), LARGEST)
      }
      if (i === end) break
      const w = variable[i]
      const a = accumulator[i]
      const g = gradient[j]
      variable[i] = settled(w, a, g, factor, a >= 0 ? moved(w, a, g, rate, epsilon) : Number.NaN, h)
      if (accumulates) accumulator[i] = accumulated(a, Math.fround(squared * g))
    }
  },

  addSquares,
  appliedRate,
  addedEpsilon,
}

/** w − rate · g / √(a + ε) */
function moved(w: number, a: number, g: number, rate: number, epsilon: number): number {
  const root = Math.fround(Math.sqrt(Math.max(Math.fround(a + epsilon), SMALLEST_NORMAL)))
  return Math.fround(w - Math.fround(Math.fround(rate * g) / root))
}

function addSquares(
  accumulator: Float32Array,
  gradient: Float32Array,
  start: number,
  gradientStart: number,
  length: number,
  factor: number,
): void {
  for (let i = start, j = gradientStart; i < start + length; i++, j++) {
    accumulator[i] = accumulated(accumulator[i], Math.fround(factor * gradient[j]))
  }
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
