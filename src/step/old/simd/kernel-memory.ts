import type { Hyperparameters } from '../hyperparameters.ts'
import { kernelModule } from './kernel-module.ts'

const PAGE = 65_536
const MOST_PAGES = 65_536

/** What both passes take first: byte addresses, then coordinates. */
type Run = [variable: number, accumulator: number, gradient: number, from: number, end: number]

/** What they test with, in the precision of the arrays. */
type Tested = [relative: number, accumulatorRelative: number, absolute: number, epsilon: number]

type FirstPass = (...given: [...Run, ...Tested, factor: number, standard: boolean]) => number
type SecondPass = (...given: [...Run, rate: number, ...Tested, accumulation: number, factor: number]) => number

/** What kernel.as.ts exports; it is explained there. */
interface KernelExports {
  readonly prepare: (
    testedLearningRate: number,
    epsilon: number,
    relative: number,
    accumulatorRelative: number,
    absolute: number,
    isPlain: boolean,
  ) => void
  readonly factor32: FirstPass
  readonly update32: SecondPass
  readonly factor64: FirstPass
  readonly update64: SecondPass
  readonly reached: { readonly value: number }
}

/** A block of memory of a fixed size, which never grows and so never detaches, with the kernel on it. */
export interface KernelMemory {
  readonly buffer: ArrayBuffer
  readonly kernel: KernelExports
  /** What the kernel was last prepared for. */
  prepared: Hyperparameters | undefined
}

/** Zeroed memory of at least so many bytes; undefined where there is no SIMD kernel or not enough room. */
export function makeKernelMemory(bytes: number): KernelMemory | undefined {
  const module = kernelModule()
  const pages = Math.ceil(bytes / PAGE)
  if (module === undefined || pages > MOST_PAGES) return undefined
  try {
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages })
    const { exports } = new WebAssembly.Instance(module, { env: { memory } })
    return { buffer: memory.buffer, kernel: exports as unknown as KernelExports, prepared: undefined }
  } catch {
    return undefined
  }
}
