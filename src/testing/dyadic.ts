/**
 * Exact numbers of the form n · 2^e. Every finite float is one, and sums and products of them are again, so nothing here
 * ever rounds except `quotient` and `squareRoot`, which say how precise they are.
 */
export interface Dyadic {
  readonly n: bigint
  readonly e: number
}

/** Bits kept by the two operations that cannot be exact; a double has 53. */
const PRECISE_BITS = 256

const float = /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(8))

/** The exact value of a finite double. */
export function dyadic(value: number): Dyadic {
  if (!Number.isFinite(value)) throw new Error(`only a finite number has an exact value, got ${value}`)
  float.setFloat64(0, value)
  const high = float.getUint32(0)
  const exponent = (high >>> 20) & 0x7ff
  const fraction = (high & 0xfffff) * 2 ** 32 + float.getUint32(4)
  const significand = exponent === 0 ? fraction : fraction + 2 ** 52
  return { n: BigInt(value < 0 ? -significand : significand), e: Math.max(exponent, 1) - 1075 }
}

export function add(x: Dyadic, y: Dyadic): Dyadic {
  // Zero has no scale of its own: aligning with it would only make huge integers.
  if (x.n === 0n) return y
  if (y.n === 0n) return x
  if (x.e >= y.e) return { n: (x.n << BigInt(x.e - y.e)) + y.n, e: y.e }
  return { n: x.n + (y.n << BigInt(y.e - x.e)), e: x.e }
}

export function subtract(x: Dyadic, y: Dyadic): Dyadic {
  return add(x, { n: -y.n, e: y.e })
}

export function multiply(x: Dyadic, y: Dyadic): Dyadic {
  return { n: x.n * y.n, e: x.e + y.e }
}

export function magnitude(x: Dyadic): Dyadic {
  return x.n < 0n ? { n: -x.n, e: x.e } : x
}

export function sign(x: Dyadic): -1 | 0 | 1 {
  if (x.n === 0n) return 0
  return x.n < 0n ? -1 : 1
}

/** The sign of x − y. */
export function compare(x: Dyadic, y: Dyadic): -1 | 0 | 1 {
  return sign(subtract(x, y))
}

/** x / y cut off, with a relative error below 2^−256; x ≥ 0, y > 0. */
export function quotient(x: Dyadic, y: Dyadic): Dyadic {
  if (x.n === 0n) return x
  const shift = Math.max(0, PRECISE_BITS + 1 + bitLength(y.n) - bitLength(x.n))
  return { n: (x.n << BigInt(shift)) / y.n, e: x.e - shift - y.e }
}

/** √x cut off, with a relative error below 2^−255; x ≥ 0. */
export function squareRoot(x: Dyadic): Dyadic {
  if (x.n === 0n) return x
  let shift = Math.max(0, 2 * PRECISE_BITS + 2 - bitLength(x.n))
  if ((x.e - shift) % 2 !== 0) shift += 1
  return { n: integerSquareRoot(x.n << BigInt(shift)), e: (x.e - shift) / 2 }
}

/** The largest double that is not above x; x ≥ 0. */
export function roundDown(x: Dyadic): number {
  const { n, e } = cutToDouble(x)
  return Math.min(Number(n) * 2 ** Math.min(e, 1023), Number.MAX_VALUE)
}

/** The smallest double that is not below x, `Infinity` if there is none; x ≥ 0. */
export function roundUp(x: Dyadic): number {
  const { n, e } = cutToDouble(x)
  const up = compare({ n, e }, x) < 0 ? n + 1n : n
  return Number(up) * 2 ** Math.min(e, 1023)
}

/** x without the bits that a double has no room for: at most 53 of them, none below 2^−1074. */
function cutToDouble({ n, e }: Dyadic): Dyadic {
  const last = Math.max(e + bitLength(n) - 53, -1074)
  return last <= e ? shiftedTo({ n, e }, last) : { n: n >> BigInt(last - e), e: last }
}

/** The same number with a lower exponent. */
function shiftedTo({ n, e }: Dyadic, exponent: number): Dyadic {
  return { n: n << BigInt(e - exponent), e: exponent }
}

function bitLength(n: bigint): number {
  return n.toString(2).length
}

/** ⌊√n⌋ by Newton's method from above. */
function integerSquareRoot(n: bigint): bigint {
  const half = Math.max(0, (bitLength(n) - 64) >> 1)
  // The double root of the leading bits, rounded up generously: Newton's method needs a start that is not too small.
  let root = BigInt(Math.ceil(Math.sqrt(Number(n >> BigInt(2 * half))) * (1 + 2 ** -40)) + 1) << BigInt(half)
  for (;;) {
    const next = (root + n / root) >> 1n
    if (next >= root) return root
    root = next
  }
}
