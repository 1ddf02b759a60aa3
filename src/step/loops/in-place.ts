import { type Kernel, type KernelMemory, kernelOn, makeKernel } from './kernel.ts'
import { kernel as presentKernel } from './stage.ts'

/**
 * How many kernels may live at a time. An engine reserves gigabytes of address space for each, and near the end of that,
 * about 12,000 on 64-bit V8, it collects garbage at length before it refuses.
 */
const MOST_KERNELS = 4096

/** Memory in which steps work in place. */
export interface Home {
  readonly kernel: Kernel
  /** Behind the arrays, where there is room for a block of a gradient that lies elsewhere; 0 where there is none. */
  readonly scratchOffset: number
}

/** The homes of allocations, by their buffer; made at first use. */
interface Registry {
  /** An entry goes with its buffer, and `freed` counts it off. */
  readonly byBuffer: WeakMap<ArrayBufferLike, Home>
  readonly freed: FinalizationRegistry<undefined>
  count: number
  /** The last refusal: asking in vain for as much once more would only collect garbage. */
  refused: { readonly bytes: number; readonly count: number } | undefined
}

let registry: Registry | undefined

function makeRegistry(): Registry {
  const made: Registry = {
    byBuffer: new WeakMap(),
    freed: new FinalizationRegistry(() => {
      made.count--
    }),
    count: 0,
    refused: undefined,
  }
  return made
}

/** Undefined where there is no kernel, or no more of them may live. */
function registryWithRoom(): Registry | undefined {
  // Without a FinalizationRegistry (in workerd, under SES) nobody could tell how many kernels live.
  if (typeof FinalizationRegistry === 'undefined' || presentKernel() === 'scalar') return undefined
  registry ??= makeRegistry()
  return registry.count < MOST_KERNELS ? registry : undefined
}

function enter(homes: Registry, kernel: Kernel, scratchOffset: number): Home {
  const home = { kernel, scratchOffset }
  homes.byBuffer.set(kernel.buffer, home)
  homes.freed.register(kernel.buffer, undefined)
  homes.count++
  return home
}

/** Zeroed memory in which steps work in place, with scratch room behind it; undefined where there is none to be had. */
export function makeHome(bytes: number, scratchBytes: number): Home | undefined {
  const homes = registryWithRoom()
  if (homes === undefined) return undefined
  const { count, refused } = homes
  if (refused !== undefined && bytes >= refused.bytes && count >= refused.count) return undefined
  const kernel = makeKernel(bytes + scratchBytes)
  if (kernel === undefined) homes.refused = { bytes, count }
  return kernel && enter(homes, kernel, bytes)
}

/** The same for several threads. It has no scratch room, which they would all write to. */
export function makeSharedHome(bytes: number): Home | undefined {
  const homes = registryWithRoom()
  const kernel = homes && makeKernel(bytes, true)
  return homes && kernel && enter(homes, kernel, 0)
}

/** Lets steps work in place in memory that another thread has made, if that can be had. */
export function settleIn(memory: KernelMemory): void {
  if (homeOf(memory.buffer) !== undefined) return
  const homes = registryWithRoom()
  const kernel = homes && kernelOn(memory, true)
  if (homes && kernel) enter(homes, kernel, 0)
}

/** The memory in which steps work in place that a buffer is; undefined for any other. */
export function homeOf(buffer: ArrayBufferLike): Home | undefined {
  return registry?.byBuffer.get(buffer)
}
