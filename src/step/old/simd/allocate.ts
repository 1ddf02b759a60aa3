import { integerFrom, readOptions } from '../../../shared/check.ts'
import type { FloatArray } from '../../types.ts'
import { type KernelMemory, makeKernelMemory } from './kernel-memory.ts'

/** What `allocate` takes beside a length. */
export interface AllocateOptions {
  /** 'float32' (the default) or 'float64'. */
  readonly precision?: 'float32' | 'float64' | undefined
}

/** The arrays of one variable, side by side where a step can work on them in place. All zero at first. */
export interface Allocation<Values extends FloatArray = FloatArray> {
  /** For the weights. */
  readonly variable: Values
  /** For their accumulators; of the same length. */
  readonly accumulator: Values
  /** For their gradient; of the same length. */
  readonly gradient: Values
}

/** Memory of one allocation, with room to bring in a gradient from elsewhere. */
export interface InPlace {
  readonly memory: KernelMemory
  readonly scratch: FloatArray
}

const SCRATCH_LENGTH = 16_384

/**
 * How many allocations may live at a time in memory of their own. An engine reserves gigabytes of address space for each,
 * and near the end of that, about 12,000 on 64-bit V8, it collects garbage at length before it refuses.
 */
const MOST_ALLOCATIONS = 4096

/** What lives. By buffer: an entry goes with its buffer, and `freed` counts it off. Made at first use. */
interface Registry {
  readonly byBuffer: WeakMap<ArrayBufferLike, InPlace>
  readonly freed: FinalizationRegistry<undefined>
  count: number
}

let allocations: Registry | undefined

/**
 * Arrays for a variable, its accumulator and its gradient that steps update where they are. For large variables that is
 * up to twice as fast as ordinary arrays, which have to be copied to the SIMD kernel and back. They are ordinary typed
 * arrays, views of one buffer that never grows or detaches and is freed with the last of them; fill the accumulator with
 * its initial value (0.1) before the first step. Without the SIMD kernel, or with 4,096 of these alive, they are arrays
 * like any other.
 *
 * @param length - coordinates of each array, whole, ≥ 0.
 * @param options - the precision; float32 unless given.
 * @throws RangeError or TypeError for a bad length or precision.
 *
 * @example
 * ```js
 * const { variable, accumulator, gradient } = allocate(1_000_000)
 * accumulator.fill(0.1)
 * step(variable, accumulator, gradient)
 * ```
 */
export function allocate(
  length: number,
  options?: { readonly precision?: 'float32' | undefined },
): Allocation<Float32Array>
export function allocate(length: number, options: { readonly precision: 'float64' }): Allocation<Float64Array>
export function allocate(length: number, options?: AllocateOptions): Allocation
export function allocate(length: number, options: AllocateOptions = {}): Allocation {
  const { precision = 'float32' } = readOptions('allocate', options, ['precision'])
  if (precision !== 'float32' && precision !== 'float64') {
    throw new RangeError(`precision is ${String(precision)}; expected 'float32' or 'float64'`)
  }
  integerFrom(length, 0, 'length')
  const TypedArray = precision === 'float32' ? Float32Array : Float64Array
  const bytes = length * TypedArray.BYTES_PER_ELEMENT
  const scratchLength = Math.min(length, SCRATCH_LENGTH)
  allocations ??= makeRegistry()
  const hasRoom = allocations.count < MOST_ALLOCATIONS
  const memory = hasRoom ? makeKernelMemory(3 * bytes + scratchLength * TypedArray.BYTES_PER_ELEMENT) : undefined
  if (memory === undefined) {
    return { variable: new TypedArray(length), accumulator: new TypedArray(length), gradient: new TypedArray(length) }
  }
  const view = (place: number, size: number) => new TypedArray(memory.buffer, place * bytes, size)
  allocations.byBuffer.set(memory.buffer, { memory, scratch: view(3, scratchLength) })
  allocations.freed.register(memory.buffer, undefined)
  allocations.count++
  return { variable: view(0, length), accumulator: view(1, length), gradient: view(2, length) }
}

function makeRegistry(): Registry {
  const registry: Registry = {
    byBuffer: new WeakMap(),
    freed: new FinalizationRegistry(() => {
      registry.count--
    }),
    count: 0,
  }
  return registry
}

/** The allocation whose buffer this is, if both views lie in it, in places meant for them; undefined otherwise. */
export function allocationOf(
  buffer: ArrayBufferLike,
  variable: FloatArray,
  accumulator: FloatArray,
): InPlace | undefined {
  const found = allocations?.byBuffer.get(buffer)
  if (found === undefined) return undefined
  const { scratch } = found
  const isMeant =
    variable.BYTES_PER_ELEMENT === scratch.BYTES_PER_ELEMENT &&
    variable.byteOffset + variable.byteLength <= scratch.byteOffset &&
    accumulator.byteOffset + accumulator.byteLength <= scratch.byteOffset
  return isMeant ? found : undefined
}
