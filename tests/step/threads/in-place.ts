import { blocksOf } from '../../../src/step/blocks.ts'
import { type FloatArray, kernel, operandsOf, requireFloatArray } from '../../../src/step/index.ts'

/** Whether a step works on these very arrays, with the SIMD kernel where there is one. */
export function isInPlace(variable: FloatArray, accumulator: FloatArray, gradient: FloatArray): boolean {
  const precision = requireFloatArray(variable, 'variable')
  const block = blocksOf(operandsOf(variable, accumulator, gradient, precision)).at(0)
  const isWhole = block.variable === variable && block.accumulator === accumulator && block.gradient === gradient
  if (kernel() === 'scalar') return isWhole && block.inKernel === undefined
  return isWhole && block.inKernel?.kernel.buffer === variable.buffer
}
