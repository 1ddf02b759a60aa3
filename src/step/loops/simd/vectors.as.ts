// What is done with a vector of either precision.
import { low } from './constants.as'

/** The bytes of a group: what the loops settle at once. */
export const GROUP_BYTES: usize = 64

/** How many coordinates are settled at once. */
@inline
export function groupOf<T>(): i32 {
  return <i32>(GROUP_BYTES / sizeof<T>())
}

@inline
export function splat<T>(x: f64): v128 {
  return v128.splat<T>(<T>x)
}

@inline
export function allTrue<T>(mask: v128): bool {
  return sizeof<T>() == 4 ? i32x4.all_true(mask) : i64x2.all_true(mask)
}

/** Below this a product may have lost digits to subnormal numbers. */
@inline
export function tiny<T>(): v128 {
  return splat<T>(sizeof<T>() == 4 ? <f64>reinterpret<f32>(0x0d800000) /* 2^-100 */ : reinterpret<f64>(0x07b0000000000000) /* 2^-900 */)
}

@inline
export function largest<T>(): v128 {
  return splat<T>(sizeof<T>() == 4 ? <f64>f32.MAX_VALUE : f64.MAX_VALUE)
}

@inline
export function smallestNormal<T>(): f64 {
  return sizeof<T>() == 4 ? <f64>f32.MIN_NORMAL_VALUE : f64.MIN_NORMAL_VALUE
}

/** Two values as doubles. */
@inline
export function pair<T>(address: usize): v128 {
  return sizeof<T>() == 4 ? f64x2.promote_low_f32x4(v128.load64_zero(address)) : v128.load(address)
}

/** The upper half of a vector, in its lower one. */
@inline
export function upper(x: v128): v128 {
  return i8x16.shuffle(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15)
}

/** T(factor · g), the product taken in double. */
@inline
export function scaled<T>(g: v128, factor: v128): v128 {
  if (sizeof<T>() == 8) return f64x2.mul(factor, g)
  const first = f32x4.demote_f64x2_zero(f64x2.mul(f64x2.promote_low_f32x4(g), factor))
  const second = f32x4.demote_f64x2_zero(f64x2.mul(f64x2.promote_low_f32x4(upper(g)), factor))
  return i8x16.shuffle(first, second, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23)
}

/** |w| · relative + absolute */
@inline
export function flat<T>(w: v128, relative: v128, absolute: v128): v128 {
  return v128.add<T>(v128.mul<T>(v128.abs<T>(w), relative), absolute)
}

/** Doubles between 2^-500 and 2^500, whose products and quotients are normal; none at all where thresholds are tiny. */
@inline
export function isMiddling(x: v128): v128 {
  const high = f64x2.splat(reinterpret<f64>(0x5f30000000000000)) // 2^500
  return v128.and(f64x2.ge(x, f64x2.splat(low)), f64x2.le(x, high))
}
