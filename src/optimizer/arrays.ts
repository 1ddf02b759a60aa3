import { type FloatArray, float32, precisionOf } from '../step/index.ts'

/** Zeros of the named type. */
export function zeros(length: number, dtype: 'float32' | 'float64'): FloatArray {
  return dtype === 'float32' ? new Float32Array(length) : new Float64Array(length)
}

/** Zeros of the precision of an array, and of its length unless told otherwise. */
export function zerosLike(array: FloatArray, length = array.length): FloatArray {
  return zeros(length, dtypeOf(array))
}

export function isSingle(array: FloatArray): boolean {
  return precisionOf(array) === float32
}

export function dtypeOf(array: FloatArray): 'float32' | 'float64' {
  return isSingle(array) ? 'float32' : 'float64'
}

/** Copies values from one array to another, whatever a subclass makes of `set`. */
export function copyInto(target: FloatArray, source: FloatArray): void {
  Float32Array.prototype.set.call(target, source)
}

/** A copy in an ordinary array, whatever class the array is of: `slice` would call the constructor of a subclass. */
export function copyOf(array: FloatArray): FloatArray {
  return isSingle(array) ? new Float32Array(array) : new Float64Array(array)
}
