import { CHECK_MARGIN, coordinateFactor, HIGH, LOW, settled } from './coordinate.ts'
import { isAbove, testedRate } from './first-pass.ts'
import type { Kernel } from './kernel.ts'
import { float64 } from './precision.ts'

const { largest: LARGEST, smallestNormal: SMALLEST_NORMAL } = float64

export const float64Kernel: Kernel<Float64Array> = {
  smallestFactor(variable, accumulator, gradient, start, gradientStart, length, factor, standard, h) {
    const { relative, accumulatorRelative, absolute } = h.forFirstPass
    const { epsilon, testedLearningRate } = h
    let rate = testedRate(testedLearningRate, factor)
    for (let i = start, j = gradientStart; i < start + length; i++, j++) {
      const w = variable[i]
      const g = gradient[j]
      const a = standard ? accumulator[i] + g * g : accumulator[i]
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
    const { relative, accumulatorRelative, absolute } = h.forKernel
    const { epsilon } = h
    const rate = appliedRate(h.learningRate, factor)
    const standard = accumulation === 'standard'
    const delayed = accumulation === 'delayed' || accumulation === 'clipped'
    const squared = accumulation === 'clipped' ? factor : 1
    const high = h.clips ? HIGH : Number.POSITIVE_INFINITY
    for (let i = start, j = gradientStart; i < start + length; i++, j++) {
      const w = variable[i]
      const g = gradient[j]
      const a = standard ? accumulated(accumulator[i], g) : accumulator[i]
      const sum = a + epsilon
      const q = Math.max(sum, SMALLEST_NORMAL)
      const root = Math.sqrt(q)
      const next = w - (rate * g) / root
      // The very bound of coordinate.ts, where that is worked out in plain double.
      const flat = Math.abs(w) * relative + absolute
      const bound = accumulatorRelative > 0 ? flat + accumulatorRelative / root : flat
      const moved = Math.abs(next - w)
      const isWithin = moved <= bound * CHECK_MARGIN && moved <= LARGEST && bound >= LOW && bound <= high
      const isSettled = isWithin && q <= HIGH
      variable[i] = isSettled ? next : settled(w, a, g, factor, q <= LARGEST ? next : Number.NaN, h)
      if (standard) accumulator[i] = a
      else if (delayed) accumulator[i] = accumulated(a, squared * g)
    }
  },

  addSquares(accumulator, gradient, start, gradientStart, length, factor) {
    for (let i = start, j = gradientStart; i < start + length; i++, j++) {
      accumulator[i] = accumulated(accumulator[i], factor * gradient[j])
    }
  },

  appliedRate,
  addedEpsilon: (epsilon) => epsilon,
}

/** a + g², at most the largest double; `a` itself where it is not finite, for the caller to refuse. */
function accumulated(a: number, g: number): number {
  const sum = a + g * g
  return sum > LARGEST && a <= LARGEST ? LARGEST : sum
}

function appliedRate(learningRate: number, factor: number): number {
  return learningRate * factor
}
