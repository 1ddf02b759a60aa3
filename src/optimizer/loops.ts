import type { FloatArray } from '../step/index.ts'
import { isSingle } from './arrays.ts'

/**
 * Loops over the whole of an array, and nothing else. Where intermediate results are rounded there is one loop for each
 * precision: with a function for the rounding, a program that trains both takes ten times as long. Those that write go from
 * the end to the start: the passes of a step go the other way, so each finds in the caches what the last one has left there.
 */

/** Whether every value is finite. */
export function hasFiniteValues(array: FloatArray): boolean {
  // 0 as long as all are, NaN from the first that is not.
  let sum = 0
  for (let i = 0; i < array.length; i++) sum += array[i] * 0
  return sum === 0
}

/** The index of the first value that is not finite; −1 where all are. */
export function firstNonFinite(array: FloatArray): number {
  return hasFiniteValues(array) ? -1 : array.findIndex((x) => !Number.isFinite(x))
}

/** result ← values · first · second; the product of the two may be smaller than any double. */
export function multiplyInto(result: FloatArray, values: FloatArray, first: number, second: number): void {
  if (second === 1) for (let i = values.length - 1; i >= 0; i--) result[i] = values[i] * first
  else for (let i = values.length - 1; i >= 0; i--) result[i] = values[i] * first * second
}

/** result ← the nearest to each value in [−limit, limit], a number of the precision. Whether all values are finite. */
export function clampInto(result: FloatArray, values: FloatArray, limit: number): boolean {
  if (isSingle(values)) return clampSingleInto(result, values, limit)
  let sum = 0
  for (let i = 0; i < values.length; i++) {
    result[i] = Math.min(Math.max(values[i], -limit), limit)
    sum += values[i] * 0
  }
  return sum === 0
}

/**
 * Without branches, which random data make ten times as slow: a float without its sign counts up with its bits, so what it is
 * above the limit is taken off its bits.
 */
function clampSingleInto(result: FloatArray, values: FloatArray, limit: number): boolean {
  const from = new Int32Array(values.buffer, values.byteOffset, values.length)
  const to = new Int32Array(result.buffer, result.byteOffset, result.length)
  const [highest] = new Int32Array(Float32Array.of(limit).buffer)
  const fromHighest = LARGEST_SINGLE - highest
  let negativeWhereNotFinite = 0
  for (let i = from.length - 1; i >= 0; i--) {
    const room = (highest - (from[i] & 0x7fffffff)) | 0
    to[i] = from[i] + (room & (room >> 31))
    negativeWhereNotFinite |= room + fromHighest
  }
  return negativeWhereNotFinite >= 0
}

/** The bits of the largest float32. */
const LARGEST_SINGLE = 0x7f7fffff

/** The sum of squares in double. */
export function sumOfSquares(values: FloatArray): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i] * values[i]
  return sum
}

/** The sum of (x / unit)² in double. */
export function sumOfScaledSquares(values: FloatArray, unit: number): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += (values[i] / unit) ** 2
  return sum
}

export function largestMagnitude(values: FloatArray): number {
  let largest = 0
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]))
  return largest
}

/**
 * result ← w − w · share · rate; both factors and every operation are rounded, the last by being stored. Whether all
 * results are finite; what is taken off goes the way of w, so none is larger than both, and the difference tells before it
 * is rounded.
 */
export function decayInto(result: FloatArray, w: FloatArray, share: number, rate: number): boolean {
  let sum = 0
  if (isSingle(w)) {
    const s = Math.fround(share)
    const r = Math.fround(rate)
    for (let i = w.length - 1; i >= 0; i--) {
      const after = w[i] - Math.fround(Math.fround(w[i] * s) * r)
      result[i] = after
      sum += after * 0
    }
  } else {
    for (let i = w.length - 1; i >= 0; i--) {
      const after = w[i] - w[i] * share * rate
      result[i] = after
      sum += after * 0
    }
  }
  return sum === 0
}

/** average ← keep · average + take · w; both factors and every operation are rounded, the sum by being stored. */
export function averageInto(average: FloatArray, w: FloatArray, keep: number, take: number): void {
  // + 0: an average is never −0.
  if (isSingle(average)) {
    const k = Math.fround(keep)
    const t = Math.fround(take)
    for (let i = average.length - 1; i >= 0; i--) average[i] = Math.fround(k * average[i]) + Math.fround(t * w[i]) + 0
  } else {
    for (let i = average.length - 1; i >= 0; i--) average[i] = keep * average[i] + take * w[i] + 0
  }
}
