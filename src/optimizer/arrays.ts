import { type FloatArray, precisionOf } from '../step/index.ts'

/** Zeros of the named type. */
export function zeros(length: number, dtype: 'float32' | 'float64'): FloatArray {
  return dtype === 'float32' ? new Float32Array(length) : new Float64Array(length)
}

export function dtypeOf(array: FloatArray): 'float32' | 'float64' {
  return precisionOf(array)?.name === 'Float32Array' ? 'float32' : 'float64'
}

/** Copies values from one array to another, whatever a subclass makes of `set`. */
export function copyInto(target: FloatArray, source: FloatArray): void {
  Float32Array.prototype.set.call(target, source)
}

/** A copy in an ordinary array, whatever class the array is of: `slice` would call the constructor of a subclass. */
export function copyOf(array: FloatArray): FloatArray {
  return dtypeOf(array) === 'float32' ? new Float32Array(array) : new Float64Array(array)
}
