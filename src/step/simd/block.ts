import type { Accumulation } from '../engine.ts'
import { testedRate } from '../first-pass.ts'
import { type Hyperparameters, UNCLIPPED } from '../hyperparameters.ts'
import { kernelFor } from '../scalar-engine.ts'
import type { FloatArray } from '../types.ts'
import type { KernelFunctions } from './kernel-memory.ts'

/** Arrays side by side in a kernel's memory: a run of coordinates from `start`, with the gradient's from `gradientStart`. */
export interface Block {
  readonly functions: KernelFunctions
  readonly variable: FloatArray
  readonly accumulator: FloatArray
  readonly gradient: FloatArray
  readonly start: number
  readonly gradientStart: number
  readonly length: number
}

/** As `Accumulation`, in the numbers of kernel.as.ts. */
const CODES = { none: 0, delayed: 1, clipped: 2, standard: 3 } as const satisfies Record<Accumulation, number>

/** Coordinates that the kernel's passes settle at once, in bytes. */
const FIRST_GROUP = 64
const SECOND_GROUP = 32

/** `Kernel.smallestFactor` over a block; what the SIMD kernel does not settle, the scalar one does. */
export function smallestFactorOf(block: Block, factor: number, standard: boolean, h: Hyperparameters): number {
  const { variable, accumulator, gradient, start, gradientStart, length } = block
  const { relative, accumulatorRelative, absolute } = h.clips ? h.forKernel : UNCLIPPED
  const scalar = kernelFor(h.precision)
  const size = variable.BYTES_PER_ELEMENT
  const pass = size === 4 ? block.functions.smallestFactor32 : block.functions.smallestFactor64
  const tested = size === 4 ? testedRate32 : testedRate
  const w = variable.byteOffset + start * size
  const a = accumulator.byteOffset + start * size
  const g = gradient.byteOffset + gradientStart * size
  const group = FIRST_GROUP / size
  const end = length - (length % group)
  const epsilon = scalar.addedEpsilon(h.epsilon)
  for (let i = 0; i < length; i += group) {
    if (i < end) {
      const rate = tested(h.testedLearningRate, factor)
      i = pass(w, a, g, i, end, rate, relative, accumulatorRelative, absolute, epsilon, standard)
    }
    if (i === length) break
    const rest = Math.min(group, length - i)
    factor = scalar.smallestFactor(
      variable,
      accumulator,
      gradient,
      start + i,
      gradientStart + i,
      rest,
      factor,
      standard,
      h,
    )
    if (Number.isNaN(factor)) break
  }
  return factor
}

/** Second pass over a block; what the SIMD kernel does not settle, the scalar one does. */
export function updateBlock(block: Block, factor: number, accumulation: Accumulation, h: Hyperparameters): void {
  const { variable, accumulator, gradient, start, gradientStart, length } = block
  const { relative, accumulatorRelative, absolute } = h.forKernel
  const scalar = kernelFor(h.precision)
  const size = variable.BYTES_PER_ELEMENT
  const pass = size === 4 ? block.functions.update32 : block.functions.update64
  const w = variable.byteOffset + start * size
  const a = accumulator.byteOffset + start * size
  const g = gradient.byteOffset + gradientStart * size
  const group = SECOND_GROUP / size
  const end = length - (length % group)
  const rate = scalar.appliedRate(h.learningRate, factor)
  const epsilon = scalar.addedEpsilon(h.epsilon)
  const squared = accumulation === 'clipped' ? factor : 1
  const code = accumulation === 'clipped' && factor === 1 ? CODES.delayed : CODES[accumulation]
  for (let i = 0; i < length; i += group) {
    if (i < end) {
      i = pass(w, a, g, i, end, rate, relative, accumulatorRelative, absolute, epsilon, code, squared)
    }
    if (i === length) break
    const rest = Math.min(group, length - i)
    if (accumulation === 'standard') scalar.addSquares(accumulator, gradient, start + i, gradientStart + i, rest, 1)
    scalar.moveVariable(variable, accumulator, gradient, start + i, gradientStart + i, rest, factor, h)
    if (accumulation === 'delayed' || accumulation === 'clipped') {
      scalar.addSquares(accumulator, gradient, start + i, gradientStart + i, rest, squared)
    }
  }
}

/** As `testedRate`, for the coarser rounding of the float32 kernel. */
function testedRate32(learningRate: number, factor: number): number {
  if (learningRate === 0 || factor === 0) return 0
  return Math.max(Math.fround(learningRate * factor * (1 + 2 ** -19)), 2 ** -126)
}
