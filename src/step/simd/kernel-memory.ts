import { kernelModule } from './kernel-module.ts'

const PAGE = 65_536
const MOST_PAGES = 65_536

/** What both passes take first; `from` and `end` in coordinates, addresses in bytes; see kernel.as.ts. */
type Common = [
  variable: number,
  accumulator: number,
  gradient: number,
  from: number,
  end: number,
  rate: number,
  relative: number,
  accumulatorRelative: number,
  absolute: number,
  epsilon: number,
]

type FirstPass = (...given: [...Common, standard: boolean]) => number
type SecondPass = (...given: [...Common, accumulation: number, factor: number]) => number

/** The functions that kernel.as.ts exports. */
export interface KernelFunctions {
  readonly smallestFactor32: FirstPass
  readonly update32: SecondPass
  readonly smallestFactor64: FirstPass
  readonly update64: SecondPass
}

/** A block of memory of a fixed size, which never grows and so never detaches, with the kernel on it. */
export interface KernelMemory {
  readonly buffer: ArrayBuffer
  readonly functions: KernelFunctions
}

/** Zeroed memory of at least so many bytes; undefined where there is no SIMD kernel or not enough room. */
export function makeKernelMemory(bytes: number): KernelMemory | undefined {
  const module = kernelModule()
  const pages = Math.ceil(bytes / PAGE)
  if (module === undefined || pages > MOST_PAGES) return undefined
  try {
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages })
    const { exports } = new WebAssembly.Instance(module, { env: { memory } })
    return { buffer: memory.buffer, functions: exports as unknown as KernelFunctions }
  } catch {
    return undefined
  }
}
