import { type FloatArray, precisionOf } from '../step/index.ts'

/** Zeros of the named type. */
export function zeros(length: number, dtype: 'float32' | 'float64'): FloatArray {
  return dtype === 'float32' ? new Float32Array(length) : new Float64Array(length)
}

export function dtypeOf(array: FloatArray): 'float32' | 'float64' {
  return precisionOf(array)?.name === 'Float32Array' ? 'float32' : 'float64'
}

/** A copy in an ordinary array, whatever class the array is of: `slice` would call the constructor of a subclass. */
export function copyOf(array: FloatArray): FloatArray {
  return dtypeOf(array) === 'float32' ? new Float32Array(array) : new Float64Array(array)
}

/** Whether every value is finite. In four sums, so that no addition waits for the one before it. */
export function hasFiniteValues(array: FloatArray): boolean {
  const { length } = array
  let [s0, s1, s2, s3] = [0, 0, 0, 0]
  let i = 0
  for (; i + 3 < length; i += 4) {
    // 0 for every finite number, NaN for the others.
    s0 += array[i] * 0
    s1 += array[i + 1] * 0
    s2 += array[i + 2] * 0
    s3 += array[i + 3] * 0
  }
  for (; i < length; i++) s0 += array[i] * 0
  return s0 + s1 + s2 + s3 === 0
}

/** The index of the first value that is not finite; −1 where all are. */
export function firstNonFinite(array: FloatArray): number {
  return hasFiniteValues(array) ? -1 : array.findIndex((x) => !Number.isFinite(x))
}
