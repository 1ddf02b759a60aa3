import { float64 } from '../precision.ts'
import { CHECK_MARGIN, coordinateFactor, HIGH, LOW, settled } from './coordinate.ts'
import { isAbove, testedRate } from './first-pass.ts'
import type { Kernel } from './kernel.ts'

const { largest: LARGEST, smallestNormal: SMALLEST_NORMAL } = float64

export const float64Kernel: Kernel<Float64Array> = {
  smallestFactor(variable, accumulator, gradient, start, gradientStart, length, factor, standard, h) {
    const { relative, accumulatorRelative, absolute } = h.forFirstPass
    const { epsilon, testedLearningRate } = h
    const added = standard ? 1 : 0
    const end = start + length
    let rate = testedRate(testedLearningRate, factor)
    for (let i = start, j = gradientStart; i < end; i++, j++) {
      for (; i < end; i++, j++) {
        const g = gradient[j]
        const s = added * g
        const a = accumulator[i] + s * s
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
    const { relative, absolute } = h.forKernel
    const { epsilon } = h
    const rate = appliedRate(h.learningRate, factor)
    const accumulates = accumulation === 'delayed' || accumulation === 'clipped'
    const squared = accumulation === 'clipped' ? factor : 1
    const high = h.clips ? HIGH : Number.POSITIVE_INFINITY
    const end = start + length
    for (let i = start, j = gradientStart; i < end; i++, j++) {
      for (; i < end; i++, j++) {
        const w = variable[i]
        const a = accumulator[i]
        const g = gradient[j]
        const next = moved(w, a, g, rate, epsilon)
        const distance = Math.abs(next - w)
        // The very bound of coordinate.ts, where that is worked out in plain double and without the accumulator's part.
        const bound = Math.abs(w) * relative + absolute
        const isWithin = distance <= bound * CHECK_MARGIN && distance <= LARGEST && bound >= LOW && bound <= high
        if (!(isWithin && a + epsilon <= HIGH)) break
        variable[i] = next
        const s = squared * g
        if (accumulates) accumulator[i] = Math.min(a + s * s, LARGEST)
      }
      if (i === end) break
      const w = variable[i]
      const a = accumulator[i]
      const g = gradient[j]
      const proposal = a + epsilon <= LARGEST ? moved(w, a, g, rate, epsilon) : Number.NaN
      variable[i] = settled(w, a, g, factor, proposal, h)
      if (accumulates) accumulator[i] = accumulated(a, squared * g)
    }
  },

  addSquares,
  appliedRate,
  addedEpsilon: (epsilon) => epsilon,
}

/** w − rate · g / √(a + ε) */
function moved(w: number, a: number, g: number, rate: number, epsilon: number): number {
  return w - (rate * g) / Math.sqrt(Math.max(a + epsilon, SMALLEST_NORMAL))
}

function addSquares(
  accumulator: Float64Array,
  gradient: Float64Array,
  start: number,
  gradientStart: number,
  length: number,
  factor: number,
): void {
  for (let i = start, j = gradientStart; i < start + length; i++, j++) {
    accumulator[i] = accumulated(accumulator[i], factor * gradient[j])
  }
}

/** a + g², at most the largest double; `a` itself where it is not finite, for the caller to refuse. */
function accumulated(a: number, g: number): number {
  const sum = a + g * g
  return sum > LARGEST && a <= LARGEST ? LARGEST : sum
}

function appliedRate(learningRate: number, factor: number): number {
  return learningRate * factor
}
