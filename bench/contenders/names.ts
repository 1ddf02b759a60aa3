/** This package's contenders, as the targets and tables call them. */
export const OURS = {
  scalar: 'scalar kernel',
  staged: 'SIMD kernel, ordinary arrays',
  inPlace: 'SIMD kernel, allocate()',
  optimizer: 'Optimizer, ordinary arrays',
  optimizerInPlace: 'Optimizer, memory of its own',
  inPlaceDouble: 'SIMD kernel, allocate(), float64',
  inPlaceAccumulator: 'SIMD kernel, allocate(), accumulatorRelativeThreshold',
} as const

/** The reference at its fastest; python/bench.py calls it so. */
export const REFERENCE_XLA = 'TensorFlow XLA, the reference'

export function isOurs(name: string): boolean {
  return Object.values<string>(OURS).includes(name)
}
