/**
 * Non-negative numbers with a double's significand and no limit on the exponent: significand · 2^exponent, where the
 * exponent is a multiple of 512 and the significand lies in [2^-256, 2^256), or is 0 with exponent −Infinity. Each
 * value has one such form, so comparing is comparing exponents first. Each operation rounds once (relative 2^-53) and
 * never overflows or underflows: this is where bounds and factors are worked out that a double cannot hold. What is not
 * finite ends as an infinity or NaN.
 */
export interface Scaled {
  readonly significand: number
  readonly exponent: number
}

const ZERO: Scaled = { significand: 0, exponent: -Infinity }

function normalised(significand: number, exponent: number): Scaled {
  if (significand === 0) return ZERO
  // Another thread may have written an infinity since it was checked.
  if (significand === Infinity) return { significand, exponent: significand }
  while (significand >= 2 ** 256) {
    significand *= 2 ** -512
    exponent += 512
  }
  while (significand < 2 ** -256) {
    significand *= 2 ** 512
    exponent -= 512
  }
  return { significand, exponent }
}

/** `x` ≥ 0, finite; exact. */
export function scaled(x: number): Scaled {
  return normalised(x, 0)
}

export function product(x: Scaled, y: Scaled): Scaled {
  if (x.significand === 0 || y.significand === 0) return ZERO
  return normalised(x.significand * y.significand, x.exponent + y.exponent)
}

/** `y` > 0. */
export function quotient(x: Scaled, y: Scaled): Scaled {
  if (x.significand === 0) return ZERO
  return normalised(x.significand / y.significand, x.exponent - y.exponent)
}

export function squareRoot(x: Scaled): Scaled {
  if (x.significand === 0) return ZERO
  // Half of the exponent must be a multiple of 512 again.
  return x.exponent % 1024 === 0
    ? normalised(Math.sqrt(x.significand), x.exponent / 2)
    : normalised(Math.sqrt(x.significand * 2 ** 512), (x.exponent - 512) / 2)
}

export function sum(x: Scaled, y: Scaled): Scaled {
  if (x.exponent < y.exponent) return sum(y, x)
  const distance = x.exponent - y.exponent
  if (distance === 0) return normalised(x.significand + y.significand, x.exponent)
  // From 1024 on, y is less than 2^-512 of x. Where both are 0 the distance is NaN.
  return distance === 512 ? normalised(x.significand + y.significand * 2 ** -512, x.exponent) : x
}

export function isGreater(x: Scaled, y: Scaled): boolean {
  return x.exponent === y.exponent ? x.significand > y.significand : x.exponent > y.exponent
}

/** The nearest double; Infinity where the value is out of range. */
export function toNumber({ significand, exponent }: Scaled): number {
  let value = significand
  for (let left = Math.min(exponent, 2048); left > 0; left -= 512) value *= 2 ** 512
  for (let left = Math.max(exponent, -2048); left < 0; left += 512) value *= 2 ** -512
  return value
}
