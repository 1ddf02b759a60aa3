import type { FloatArray } from '../../types.ts'
import type { Accumulation } from '../engine.ts'
import { type Hyperparameters, UNCLIPPED } from '../hyperparameters.ts'
import { kernelFor } from '../scalar-engine.ts'
import type { KernelMemory } from './kernel-memory.ts'

/** As `Accumulation`, in the numbers of kernel.as.ts. */
const CODES = { none: 0, delayed: 1, clipped: 2, standard: 3 } as const satisfies Record<Accumulation, number>

/** Coordinates that the kernel's passes settle at once, in bytes. */
const FIRST_GROUP = 64
const SECOND_GROUP = 32

/** `Kernel.smallestFactor` over arrays in a kernel's memory; what needs care, the scalar kernel does. */
export function smallestFactorOf(
  memory: KernelMemory,
  variable: FloatArray,
  accumulator: FloatArray,
  gradient: FloatArray,
  start: number,
  gradientStart: number,
  length: number,
  factor: number,
  standard: boolean,
  h: Hyperparameters,
): number {
  prepare(memory, h)
  const { kernel } = memory
  const { relative, accumulatorRelative, absolute } = h.clips ? h.forKernel : UNCLIPPED
  const scalar = kernelFor(h.precision)
  const size = variable.BYTES_PER_ELEMENT
  const w = variable.byteOffset + start * size
  const a = accumulator.byteOffset + start * size
  const g = gradient.byteOffset + gradientStart * size
  const group = FIRST_GROUP / size
  const end = length - (length % group)
  const epsilon = scalar.addedEpsilon(h.epsilon)
  for (let i = 0; i < length; i += group) {
    if (i < end) {
      const pass = size === 4 ? kernel.factor32 : kernel.factor64
      const result = pass(w, a, g, i, end, relative, accumulatorRelative, absolute, epsilon, factor, standard)
      factor = result < 0 ? kernel.reached.value : result
      i = result < 0 ? -1 - result : end
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

/** Second pass over arrays in a kernel's memory; what needs care, the scalar kernel does. */
export function updateRun(
  memory: KernelMemory,
  variable: FloatArray,
  accumulator: FloatArray,
  gradient: FloatArray,
  start: number,
  gradientStart: number,
  length: number,
  factor: number,
  accumulation: Accumulation,
  h: Hyperparameters,
): void {
  const { kernel } = memory
  const { relative, accumulatorRelative, absolute } = h.forKernel
  const scalar = kernelFor(h.precision)
  const size = variable.BYTES_PER_ELEMENT
  const w = variable.byteOffset + start * size
  const a = accumulator.byteOffset + start * size
  const g = gradient.byteOffset + gradientStart * size
  const group = SECOND_GROUP / size
  const end = length - (length % group)
  const epsilon = scalar.addedEpsilon(h.epsilon)
  const rate = scalar.appliedRate(h.learningRate, factor)
  const squared = accumulation === 'clipped' ? factor : 1
  const code = accumulation === 'clipped' && factor === 1 ? CODES.delayed : CODES[accumulation]
  for (let i = 0; i < length; i += group) {
    if (i < end) {
      const pass = size === 4 ? kernel.update32 : kernel.update64
      i = pass(w, a, g, i, end, rate, relative, accumulatorRelative, absolute, epsilon, code, squared)
    }
    if (i === length) break
    const rest = Math.min(group, length - i)
    scalar.update(variable, accumulator, gradient, start + i, gradientStart + i, rest, factor, accumulation, h)
  }
}

/** Gives the kernel what it works factors out with, unless it has that from the last pass. */
function prepare(memory: KernelMemory, h: Hyperparameters): void {
  if (memory.prepared === h) return
  const { relative, accumulatorRelative, absolute } = h.forFactor
  const isPlain = h.clips && h.normal
  memory.kernel.prepare(h.testedLearningRate, h.epsilon, relative, accumulatorRelative, absolute, isPlain)
  memory.prepared = h
}
