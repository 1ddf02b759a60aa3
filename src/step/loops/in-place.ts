import { type Kernel, makeKernel } from './kernel.ts'
import { kernel as presentKernel } from './stage.ts'

/**
 * How many kernels may live at a time. An engine reserves gigabytes of address space for each, and near the end of that,
 * about 12,000 on 64-bit V8, it collects garbage at length before it refuses.
 */
const MOST_KERNELS = 4096

/** Memory in which steps work in place. */
export interface Home {
  readonly kernel: Kernel
  /** Where there is room for a block of a gradient that lies elsewhere. */
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

/** Zeroed memory in which steps work in place, with scratch room behind it; undefined where there is none to be had. */
export function makeHome(bytes: number, scratchBytes: number): Home | undefined {
  // Without a FinalizationRegistry (in workerd, under SES) nobody could tell how many kernels live.
  if (typeof FinalizationRegistry === 'undefined' || presentKernel() === 'scalar') return undefined
  registry ??= makeRegistry()
  const { byBuffer, freed, count, refused } = registry
  if (count >= MOST_KERNELS || (refused !== undefined && bytes >= refused.bytes && count >= refused.count))
    return undefined
  const kernel = makeKernel(bytes + scratchBytes)
  if (kernel === undefined) {
    registry.refused = { bytes, count }
    return undefined
  }
  const home = { kernel, scratchOffset: bytes }
  byBuffer.set(kernel.buffer, home)
  freed.register(kernel.buffer, undefined)
  registry.count++
  return home
}

/** The memory in which steps work in place that a buffer is; undefined for any other. */
export function homeOf(buffer: ArrayBufferLike): Home | undefined {
  return registry?.byBuffer.get(buffer)
}
