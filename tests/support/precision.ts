import {
  type FloatArray,
  type Limits as LimitsOfType,
  limitsOf as limitsOfType,
  type Precision,
} from '../../src/testing/float.ts'

export { type FloatArray, finiteFromBits, moveByUlps, type Precision } from '../../src/testing/float.ts'

export const precisions: readonly Precision[] = ['float32', 'float64']

/** What the tests need to know of a floating-point type. */
export interface Limits extends LimitsOfType {
  /** Bytes of one element. */
  readonly bytes: number
  /** The agreement with the exact clipping factor that the design promises, relative. */
  readonly factorTolerance: number
}

const limits: Readonly<Record<Precision, Limits>> = {
  float32: { ...limitsOfType('float32'), bytes: 4, factorTolerance: 2e-6 },
  float64: { ...limitsOfType('float64'), bytes: 8, factorTolerance: 1e-12 },
}

export function limitsOf(precision: Precision): Limits {
  return limits[precision]
}

export function precisionOf(array: FloatArray): Precision {
  return array instanceof Float32Array ? 'float32' : 'float64'
}

/** An array of the values that starts `offset` elements into its buffer, so that it need not be aligned to anything. */
export function arrayOf(precision: Precision, values: ArrayLike<number>, offset = 0): FloatArray {
  const whole =
    precision === 'float32' ? new Float32Array(values.length + offset) : new Float64Array(values.length + offset)
  const view = whole.subarray(offset)
  view.set(values)
  return view
}
