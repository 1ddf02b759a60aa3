import { boolean, integerFrom, isObject, nonNegative, readOptions, refuseKind, refuseValue } from '../shared/check.ts'
import { makeHome, makeSharedHome, settleIn } from './loops/in-place.ts'
import { float32, float64, type Precision } from './precision.ts'
import type { FloatArray } from './types.ts'

/** What `allocate` takes beside a length. */
export interface AllocateOptions {
  /** 'float32' (the default) or 'float64'. */
  readonly precision?: 'float32' | 'float64' | undefined
  /** Whether other threads can have the arrays too; false. */
  readonly shared?: boolean | undefined
  /** What the accumulator is filled with, finite and ≥ 0; 0. */
  readonly initialAccumulatorValue?: number | undefined
}

/** The arrays of one variable, side by side where a step can work on them in place. */
export interface Allocation<Values extends FloatArray = FloatArray> {
  /** For the weights; zeros at first. */
  readonly variable: Values
  /** For their accumulators; of the same length. */
  readonly accumulator: Values
  /** For their gradient; of the same length; zeros at first. */
  readonly gradient: Values
}

/** An allocation that other threads can have. */
export interface SharedAllocation<Values extends FloatArray = FloatArray> extends Allocation<Values> {
  /** To be posted to another thread, where `attach` makes the same arrays from it. */
  readonly handle: AllocationHandle<Values>
}

/** What stands for a shared allocation in a message to another thread: plain data, and the memory. */
export interface AllocationHandle<Values extends FloatArray = FloatArray> {
  /** The shared WebAssembly memory, or what stands for it without WebAssembly. @internal */
  readonly memory: { readonly buffer: ArrayBufferLike }
  /** Of each array. */
  readonly length: number
  /** Of the arrays. */
  readonly precision: Values extends Float32Array ? 'float32' : 'float64'
}

/** Room for a gradient that lies elsewhere, to be brought in piece by piece. */
const SCRATCH_LENGTH = 16_384

/**
 * Makes the arrays of one variable, `{ variable, accumulator, gradient }` of a length, where steps are fastest. For large variables that is
 * up to twice as fast as ordinary arrays, which have to be copied to the SIMD kernel and back. They are ordinary typed
 * arrays, views of one buffer that never grows or detaches and is freed with the last of them. Without the SIMD kernel, or
 * with 4,096 of these alive, they are arrays like any other.
 *
 * With `shared: true` they lie on memory that threads share. Post the `handle` to another thread, whose `attach` makes the
 * same arrays from it; each thread steps a part of its own, cut from the three arrays by `subarray`, in place and without a
 * copy. For the bits of one step on the whole, all threads have to use the smallest `clippingFactor` of all parts: see
 * examples/workers. The memory is freed when the last thread that holds any of it lets go and garbage is collected.
 *
 * @param length - coordinates of each array, whole, ≥ 0.
 * @param options - the precision (float32 unless given), whether the arrays are shared, and where accumulators start.
 * @throws RangeError or TypeError for a bad length or option; Error for shared arrays where there is no SharedArrayBuffer,
 * as on a page that is not cross-origin isolated.
 *
 * @example
 * ```js
 * const { variable, accumulator, gradient } = allocate(1_000_000, { initialAccumulatorValue: 0.1 })
 * step(variable, accumulator, gradient)
 * ```
 */
// The type that `slice` gives is Float32Array<ArrayBuffer> since TypeScript 5.7, which before had no name for it.
export function allocate(
  length: number,
  options?: AllocateOptions & { readonly precision?: 'float32' | undefined; readonly shared?: false | undefined },
): Allocation<ReturnType<Float32Array['slice']>>
export function allocate(
  length: number,
  options: AllocateOptions & { readonly precision: 'float64'; readonly shared?: false | undefined },
): Allocation<ReturnType<Float64Array['slice']>>
export function allocate(
  length: number,
  options: AllocateOptions & { readonly precision?: 'float32' | undefined; readonly shared: true },
): SharedAllocation<Float32Array>
export function allocate(
  length: number,
  options: AllocateOptions & { readonly precision: 'float64'; readonly shared: true },
): SharedAllocation<Float64Array>
export function allocate(length: number, options: AllocateOptions & { readonly shared: true }): SharedAllocation
export function allocate(length: number, options?: AllocateOptions): Allocation
export function allocate(length: number, options: AllocateOptions = {}): Allocation {
  const known = ['precision', 'shared', 'initialAccumulatorValue'] as const
  const { precision = 'float32', shared = false, initialAccumulatorValue = 0 } = readOptions('allocate', options, known)
  if (precision !== 'float32' && precision !== 'float64') {
    refuseValue(precision, 'precision', "'float32' or 'float64'")
  }
  integerFrom(length, 0, 'length')
  const start = nonNegative(initialAccumulatorValue, 'initialAccumulatorValue')
  const type = typeOf(precision)
  if (type.round(start) > type.largest) {
    throw new RangeError(`initialAccumulatorValue is ${start}, too large for ${precision}`)
  }
  const arrays = boolean(shared, 'shared') ? sharedArrays(length, precision) : ownArrays(length, type)
  if (start !== 0) arrays.accumulator.fill(start)
  return arrays
}

/**
 * The arrays of a shared allocation that another thread has made, on the same memory: what either thread writes, the other
 * one reads. When it is safe to do so the threads have to tell each other, by messages or `Atomics`.
 *
 * @param handle - the `handle` of what `allocate(length, { shared: true })` gave, as it was posted.
 * @throws TypeError for anything else.
 *
 * @example
 * ```js
 * worker.postMessage(allocate(1_000_000, { shared: true }).handle)
 * // in the worker
 * onmessage = ({ data }) => {
 *   const { variable, accumulator, gradient } = attach(data)
 * }
 * ```
 */
export function attach<Values extends FloatArray = Float32Array>(
  handle: AllocationHandle<Values>,
): SharedAllocation<Values>
export function attach(handle: AllocationHandle): SharedAllocation {
  if (!isHandle(handle)) {
    refuseKind(handle, 'handle', 'the handle of what allocate(length, { shared: true }) gave, as it was posted')
  }
  settleIn(handle.memory)
  return { ...views(handle.memory.buffer, handle.length, typeOf(handle.precision)), handle }
}

function typeOf(precision: 'float32' | 'float64'): Precision {
  return precision === 'float32' ? float32 : float64
}

/** Arrays that steps work on in place, or, where that cannot be had, ordinary ones. */
export function ownArrays(length: number, type: Precision): Allocation {
  const home = makeHome(3 * length * type.bytes, SCRATCH_LENGTH * 8)
  if (home !== undefined) return views(home.kernel.buffer, length, type)
  return { variable: new type.Kind(length), accumulator: new type.Kind(length), gradient: new type.Kind(length) }
}

function sharedArrays(length: number, precision: 'float32' | 'float64'): SharedAllocation {
  if (typeof SharedArrayBuffer === 'undefined') {
    throw new Error(
      'shared is true, but there is no SharedArrayBuffer here: a page and its workers have one when it is cross-origin isolated, that is, sent with the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp',
    )
  }
  const type = typeOf(precision)
  const bytes = 3 * length * type.bytes
  const memory = makeSharedHome(bytes)?.kernel.memory ?? { buffer: new SharedArrayBuffer(bytes) }
  return { ...views(memory.buffer, length, type), handle: { memory, length, precision } }
}

function views(buffer: ArrayBufferLike, length: number, type: Precision): Allocation {
  const place = (k: number) => new type.Kind(buffer, k * length * type.bytes, length)
  return { variable: place(0), accumulator: place(1), gradient: place(2) }
}

function isHandle(handle: unknown): handle is AllocationHandle {
  if (!isObject(handle)) return false
  const { memory, length, precision } = handle as { [Field in keyof AllocationHandle]?: unknown }
  if (!isObject(memory) || !('buffer' in memory) || !isShared(memory.buffer)) return false
  if (precision !== 'float32' && precision !== 'float64') return false
  return (
    Number.isSafeInteger(length) &&
    Number(length) >= 0 &&
    3 * Number(length) * typeOf(precision).bytes <= memory.buffer.byteLength
  )
}

/** Told by what it is, not by its class object: it may be of another realm. */
function isShared(buffer: unknown): buffer is SharedArrayBuffer {
  return Object.prototype.toString.call(buffer) === '[object SharedArrayBuffer]'
}
