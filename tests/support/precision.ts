export type FloatArray = Float32Array | Float64Array

export type Precision = 'float32' | 'float64'

export const precisions: readonly Precision[] = ['float32', 'float64']

/** What the tests need to know of a floating-point type. */
export interface Limits {
  readonly largest: number
  readonly smallestNormal: number
  readonly smallest: number
  /** Bytes of one element. */
  readonly bytes: number
  /** The agreement with the exact clipping factor that the design promises, relative. */
  readonly factorTolerance: number
  readonly round: (value: number) => number
}

const limits: Readonly<Record<Precision, Limits>> = {
  float32: {
    largest: (2 - 2 ** -23) * 2 ** 127,
    smallestNormal: 2 ** -126,
    smallest: 2 ** -149,
    bytes: 4,
    factorTolerance: 2e-6,
    round: Math.fround,
  },
  float64: {
    largest: Number.MAX_VALUE,
    smallestNormal: 2 ** -1022,
    smallest: 2 ** -1074,
    bytes: 8,
    factorTolerance: 1e-12,
    round: (value) => value,
  },
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

const bits32 = new DataView(new ArrayBuffer(4))
const bits64 = new DataView(new ArrayBuffer(8))

/** The finite float of a type nearest in spirit to these raw bits: NaN and ±∞ become the largest binade instead. */
export function finiteFromBits(precision: Precision, high: number, low: number): number {
  if (precision === 'float32') {
    bits32.setUint32(0, (high & 0x7f800000) === 0x7f800000 ? high & ~0x00800000 : high)
    return bits32.getFloat32(0)
  }
  bits64.setUint32(0, (high & 0x7ff00000) === 0x7ff00000 ? high & ~0x00100000 : high)
  bits64.setUint32(4, low)
  return bits64.getFloat64(0)
}

/** The value moved by so many ulps of its type away from zero (towards it when negative), stopping at 0 and the largest. */
export function moveByUlps(precision: Precision, value: number, ulps: number): number {
  const { largest } = limitsOf(precision)
  const size = Math.min(Math.abs(value), largest)
  if (precision === 'float32') {
    bits32.setFloat32(0, size)
    bits32.setUint32(0, Math.max(0, Math.min(0x7f7fffff, bits32.getUint32(0) + ulps)))
    return Math.sign(value) * bits32.getFloat32(0)
  }
  bits64.setFloat64(0, size)
  const moved = bits64.getBigInt64(0) + BigInt(ulps)
  bits64.setBigInt64(0, moved < 0n ? 0n : moved > 0x7fefffffffffffffn ? 0x7fefffffffffffffn : moved)
  return Math.sign(value) * bits64.getFloat64(0)
}
