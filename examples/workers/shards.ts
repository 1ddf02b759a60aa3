import type { FloatArray } from 'clippy-adagrad'

/** The arrays of a variable, or of a shard of it: the shard's are views of the same memory. */
export interface Shard {
  readonly variable: FloatArray
  readonly accumulator: FloatArray
  readonly gradient: FloatArray
}

/** Bytes that no two shards share a part of: threads that write to one cache line slow each other down. */
const CACHE_LINE = 64

/** A copy of the values, or so many zeros, in memory that all threads see. */
export function shared(values: FloatArray): FloatArray {
  const buffer = new SharedArrayBuffer(values.byteLength)
  const copy = values instanceof Float32Array ? new Float32Array(buffer) : new Float64Array(buffer)
  copy.set(values)
  return copy
}

/** Where each shard begins, and where the last one ends: about equal lengths, whole cache lines but for the end. */
export function cuts({ length, BYTES_PER_ELEMENT }: FloatArray, shards: number): number[] {
  if (!(Number.isInteger(shards) && shards >= 1))
    throw new RangeError(`shards is ${shards}; expected a whole number ≥ 1`)
  const line = CACHE_LINE / BYTES_PER_ELEMENT
  return Array.from({ length: shards + 1 }, (_, k) =>
    k === shards ? length : Math.min(length, Math.round((k * length) / shards / line) * line),
  )
}
