/** An array that a step works on. */
export type FloatArray = Float32Array | Float64Array

/** The type of an array's numbers. */
export type Precision = 'float32' | 'float64'

/** What has to be known of a floating-point type. */
export interface Limits {
  readonly largest: number
  readonly smallestNormal: number
  readonly smallest: number
  readonly round: (value: number) => number
}

const limits: Readonly<Record<Precision, Limits>> = {
  float32: {
    largest: (2 - 2 ** -23) * 2 ** 127,
    smallestNormal: 2 ** -126,
    smallest: 2 ** -149,
    round: Math.fround,
  },
  float64: {
    largest: Number.MAX_VALUE,
    smallestNormal: 2 ** -1022,
    smallest: 2 ** -1074,
    round: (value) => value,
  },
}

export function limitsOf(precision: Precision): Limits {
  return limits[precision]
}

export function floatsOf(precision: Precision, values: readonly number[]): FloatArray {
  return precision === 'float32' ? Float32Array.from(values) : Float64Array.from(values)
}

const bits32 = /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(4))
const bits64 = /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(8))

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
