import type { Hyperparameters } from '../hyperparameters.ts'
import { KERNEL, MEMORY_KIND_AT } from './kernel-bytes.ts'
import { unpack } from './unpack.ts'

/** The bytes of an array that the SIMD loops settle at once. */
export const GROUP_BYTES = 64

/** Byte addresses of the three arrays in the kernel's memory, then the coordinates from … up to, whole groups of them. */
type Run = [variable: number, accumulator: number, gradient: number, from: number, end: number]
type FirstPass = (...given: [...Run, factor: number, standard: boolean]) => number
type SecondPass = (...given: [...Run, factor: number, accumulates: boolean]) => number
type Squaring = (accumulator: number, gradient: number, from: number, end: number, factor: number) => void

/** What simd/kernel.as.ts exports; it is explained there. */
interface KernelExports {
  readonly factor32: FirstPass
  readonly factor64: FirstPass
  readonly update32: SecondPass
  readonly update64: SecondPass
  readonly square32: Squaring
  readonly square64: Squaring
  readonly reached: { readonly value: number }
}

/** WebAssembly memory, by the part of it that programs without its types know too. */
export interface KernelMemory {
  readonly buffer: ArrayBufferLike
}

/** The SIMD kernel on memory of a fixed size, which never grows and so never detaches. */
export interface Kernel {
  readonly memory: KernelMemory
  /** That of the memory: asking for it anew takes longer. */
  readonly buffer: ArrayBufferLike
  readonly loops: KernelExports
  readonly constants: Readonly<Record<string, { value: number }>>
  /** What the loops work with at present: setting their constants takes as long as a step on a few coordinates. */
  prepared: Hyperparameters | undefined
}

/** The loops of a kernel, working with the constants of these options. */
export function preparedLoops(kernel: Kernel, h: Hyperparameters): KernelExports {
  if (kernel.prepared !== h) prepare(kernel, h)
  return kernel.loops
}

function prepare(kernel: Kernel, h: Hyperparameters): void {
  for (const [name, constant] of Object.entries(h.loops.kernel)) kernel.constants[name].value = constant
  kernel.prepared = h
}

const PAGE_BYTES = 65_536
const MOST_PAGES = 65_536

/** The kernel for memory of its own, and for memory that threads share; null where it cannot be had. Made at first use. */
const compiled: { own?: WebAssembly.Module | null; shared?: WebAssembly.Module | null } = {}

function kernelModule(isShared: boolean): WebAssembly.Module | null {
  const kind = isShared ? 'shared' : 'own'
  if (compiled[kind] === undefined) compiled[kind] = compile(isShared)
  return compiled[kind] ?? null
}

function compile(isShared: boolean): WebAssembly.Module | null {
  if (typeof WebAssembly === 'undefined') return null
  try {
    const bytes = unpack(Uint8Array.from(atob(KERNEL), (character) => character.charCodeAt(0)))
    // The two differ in nothing else.
    if (isShared) bytes[MEMORY_KIND_AT] = 3
    return new WebAssembly.Module(bytes)
  } catch {
    // No SIMD, or a content security policy without 'wasm-unsafe-eval': the portable loops serve.
    return null
  }
}

/**
 * A kernel on zeroed memory of at least so many bytes, which other threads can have where it `isShared`; undefined where
 * there is none, or not enough room.
 */
export function makeKernel(bytes: number, isShared = false): Kernel | undefined {
  const pages = Math.ceil(bytes / PAGE_BYTES)
  if (pages > MOST_PAGES || kernelModule(isShared) === null) return undefined
  try {
    return kernelOn(new WebAssembly.Memory({ initial: pages, maximum: pages, shared: isShared }), isShared)
  } catch {
    return undefined
  }
}

/** A kernel on memory that is there already; undefined where there is none, or this is no memory that it can be on. */
export function kernelOn(memory: KernelMemory, isShared: boolean): Kernel | undefined {
  const module = kernelModule(isShared)
  if (module === null) return undefined
  try {
    const imports = { env: { memory: memory as WebAssembly.Memory } }
    const { exports } = new WebAssembly.Instance(module, imports)
    const loops = exports as unknown as KernelExports
    const constants = exports as unknown as Kernel['constants']
    return { memory, buffer: memory.buffer, loops, constants, prepared: undefined }
  } catch {
    return undefined
  }
}
