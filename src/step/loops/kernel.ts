import type { Hyperparameters } from '../hyperparameters.ts'
import { KERNEL } from './kernel-bytes.ts'

/** The bytes of an array that the SIMD loops settle at once. */
export const GROUP_BYTES = 64

/** Byte addresses of the three arrays in the kernel's memory, then the coordinates from … up to, whole groups of them. */
type Run = [variable: number, accumulator: number, gradient: number, from: number, end: number]
type FirstPass = (...given: [...Run, factor: number, standard: boolean]) => number
type SecondPass = (...given: [...Run, factor: number, accumulates: boolean]) => number
type Squaring = (accumulator: number, gradient: number, from: number, end: number, factor: number) => void

/** What simd.as.ts exports; it is explained there. */
interface KernelExports {
  readonly factor32: FirstPass
  readonly factor64: FirstPass
  readonly update32: SecondPass
  readonly update64: SecondPass
  readonly square32: Squaring
  readonly square64: Squaring
  readonly reached: { readonly value: number }
}

/** The SIMD kernel on memory of a fixed size, which never grows and so never detaches. */
export interface Kernel {
  readonly buffer: ArrayBuffer
  readonly loops: KernelExports
  readonly constants: Readonly<Record<string, { value: number }>>
  /** What the loops work with at present: setting their constants takes as long as a step on a few coordinates. */
  prepared: Hyperparameters | undefined
}

/** The loops of a kernel, working with the constants of these options. */
export function preparedLoops(kernel: Kernel, h: Hyperparameters): KernelExports {
  if (kernel.prepared !== h) {
    for (const [name, constant] of Object.entries(h.loops.kernel)) kernel.constants[name].value = constant
    kernel.prepared = h
  }
  return kernel.loops
}

const PAGE_BYTES = 65_536
const MOST_PAGES = 65_536

/** Undefined until it is first asked for, null where it cannot be had. */
let compiled: WebAssembly.Module | null | undefined

function kernelModule(): WebAssembly.Module | null {
  if (compiled === undefined) compiled = compile()
  return compiled
}

function compile(): WebAssembly.Module | null {
  if (typeof WebAssembly === 'undefined') return null
  try {
    return new WebAssembly.Module(Uint8Array.from(atob(KERNEL), (character) => character.charCodeAt(0)))
  } catch {
    // No SIMD, or a content security policy without 'wasm-unsafe-eval': the portable loops serve.
    return null
  }
}

/** A kernel on zeroed memory of at least so many bytes; undefined where there is none, or not enough room. */
export function makeKernel(bytes: number): Kernel | undefined {
  const pages = Math.ceil(bytes / PAGE_BYTES)
  const module = pages > MOST_PAGES ? null : kernelModule()
  if (module === null) return undefined
  try {
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages })
    const { exports } = new WebAssembly.Instance(module, { env: { memory } })
    const constants = exports as unknown as Kernel['constants']
    return { buffer: memory.buffer, loops: exports as unknown as KernelExports, constants, prepared: undefined }
  } catch {
    return undefined
  }
}
