import type { Update } from './adagrad.ts'

/** The same, mended: where storing the weight would carry it past its bound, it goes one float less far, or stays. */
export const mended: Update = (w, a, g, options) => {
  const { learningRate, epsilon, variableRelativeThreshold, accumulatorRelativeThreshold, absoluteThreshold } = options
  const root = Array.from(a, (sum) => Math.sqrt(sum + epsilon))
  const bound = Array.from(
    w,
    (x, i) => Math.abs(x) * variableRelativeThreshold + accumulatorRelativeThreshold / root[i] + absoluteThreshold,
  )
  let factor = 1
  for (let i = 0; i < w.length; i++) {
    const delta = (learningRate * Math.abs(g[i])) / root[i]
    if (delta * factor > bound[i]) factor = bound[i] / delta
  }
  for (let i = 0; i < w.length; i++) {
    const move = (factor * learningRate * g[i]) / root[i]
    const float = 2 ** -23 * Math.max(Math.abs(w[i]), Math.abs(w[i] - move))
    const less = Math.sign(move) * Math.max(0, Math.abs(move) - float)
    // The double `bound` may itself be a few ulps too high, and the distance an ulp too low.
    const safe = bound[i] * (1 - 2 ** -48)
    const candidates = [move, less, 0].map((distance) => Math.fround(w[i] - distance))
    w[i] = candidates.find((after) => Math.abs(after - w[i]) <= safe) ?? w[i]
    a[i] += g[i] ** 2
  }
}
