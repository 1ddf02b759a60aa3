/** The thresholds of a clipped Adagrad, and what else it needs. */
export interface Options {
  readonly learningRate: number
  readonly epsilon: number
  readonly variableRelativeThreshold: number
  readonly accumulatorRelativeThreshold: number
  readonly absoluteThreshold: number
}

export type Update = (w: Float32Array, a: Float32Array, g: Float32Array, options: Options) => void

/** Your own Adagrad with clipping, as one writes it: reckoned in double, and rounded when a weight is stored. */
export const adagrad: Update = (w, a, g, options) => {
  const { learningRate, epsilon, variableRelativeThreshold, accumulatorRelativeThreshold, absoluteThreshold } = options
  let factor = 1
  for (let i = 0; i < w.length; i++) {
    const root = Math.sqrt(a[i] + epsilon)
    const bound = Math.abs(w[i]) * variableRelativeThreshold + accumulatorRelativeThreshold / root + absoluteThreshold
    const delta = (learningRate * Math.abs(g[i])) / root
    if (delta * factor > bound) factor = bound / delta
  }
  for (let i = 0; i < w.length; i++) {
    w[i] -= (factor * learningRate * g[i]) / Math.sqrt(a[i] + epsilon)
    a[i] += g[i] ** 2
  }
}
