import type { Allocation, FloatArray } from 'clippy-adagrad'

/** Bytes that no two shards share a part of: threads that write to one cache line slow each other down. */
const CACHE_LINE = 64

/** The part of the arrays that one of so many threads owns: views of the same memory. */
export function shardOf(arrays: Allocation, rank: number, threads: number): Allocation {
  const { variable, accumulator, gradient } = arrays
  const [from, to] = [startOf(rank, threads, variable), startOf(rank + 1, threads, variable)]
  return {
    variable: variable.subarray(from, to),
    accumulator: accumulator.subarray(from, to),
    gradient: gradient.subarray(from, to),
  }
}

/** About equal lengths, whole cache lines but for the end. */
function startOf(rank: number, threads: number, { length, BYTES_PER_ELEMENT }: FloatArray): number {
  if (rank === threads) return length
  const line = CACHE_LINE / BYTES_PER_ELEMENT
  return Math.min(length, Math.round((rank * length) / threads / line) * line)
}
