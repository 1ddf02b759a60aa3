// Second pass of a step: moves the variable, updates the accumulator.
import {
  learningRate,
  epsilon,
  addedEpsilon,
  lowest,
  quickRelative,
  quickAccumulatorRelative,
  quickAbsolute,
  boundRelative,
  boundAccumulatorRelative,
  boundAbsolute,
} from './constants.as'
import { stretchEnd } from './read-ahead.as'
import {
  groupOf,
  splat,
  allTrue,
  largest,
  smallestNormal,
  upper,
  scaled,
  flat,
  isMiddling,
  GROUP_BYTES,
} from './vectors.as'

/** min(a + g², the largest number of the type) */
@inline
function accumulated<T>(a: v128, g: v128): v128 {
  return v128.pmin<T>(v128.add<T>(a, v128.mul<T>(g, g)), largest<T>())
}

/** Whether two coordinates moved within their bounds, as `stoppedAtBound` of coordinate.ts works it out in plain double. */
function isWithin(w: v128, a: v128, next: v128, smallestNormal: f64): v128 {
  const high = f64x2.splat(reinterpret<f64>(0x5f30000000000000)) // 2^500
  const q = f64x2.pmax(f64x2.add(a, f64x2.splat(epsilon)), f64x2.splat(smallestNormal))
  let bound = flat<f64>(w, f64x2.splat(boundRelative), f64x2.splat(boundAbsolute))
  if (boundAccumulatorRelative > 0) {
    bound = f64x2.add(bound, f64x2.div(f64x2.splat(boundAccumulatorRelative), f64x2.sqrt(q)))
  }
  const furthest = f64x2.mul(bound, f64x2.splat(0.9999999999999998)) // 1 - 2^-52
  const isPlain = v128.and(isMiddling(bound), f64x2.le(q, high))
  return v128.and(isPlain, f64x2.le(f64x2.abs(f64x2.sub(next, w)), furthest))
}

@inline
function areWithin<T>(w: v128, a: v128, next: v128): v128 {
  if (sizeof<T>() == 8) return isWithin(w, a, next, smallestNormal<T>())
  return v128.and(
    isWithin(f64x2.promote_low_f32x4(w), f64x2.promote_low_f32x4(a), f64x2.promote_low_f32x4(next), smallestNormal<T>()),
    isWithin(
      f64x2.promote_low_f32x4(upper(w)),
      f64x2.promote_low_f32x4(upper(a)),
      f64x2.promote_low_f32x4(upper(next)),
      smallestNormal<T>(),
    ),
  )
}

/** w − rate · g / √q */
@inline
function moved<T>(w: v128, root: v128, g: v128, rate: v128): v128 {
  return v128.sub<T>(w, v128.div<T>(v128.mul<T>(rate, g), root))
}

/** Whether the moves are within bounds that are a little lower than the real ones. */
@inline
function isQuick<T>(w: v128, root: v128, next: v128, relative: v128, absolute: v128, hasAccumulatorPart: bool): v128 {
  let bound = flat<T>(w, relative, absolute)
  if (hasAccumulatorPart) {
    // Finite, so that an infinite move is always beyond it.
    const most = splat<T>(sizeof<T>() == 4 ? 1.7014118346046923e38 /* 2^127 */ : 8.98846567431158e307 /* 2^1023 */)
    bound = v128.pmin<T>(v128.add<T>(bound, v128.div<T>(splat<T>(quickAccumulatorRelative), root)), most)
  }
  return v128.le<T>(v128.abs<T>(v128.sub<T>(next, w)), bound)
}

/** Up to the first group whose moves are not all clearly within their bounds. */
@inline
function quickUpdate<T>(
  w: usize, a: usize, g: usize, from: i32, end: i32, rate: v128, accumulates: bool, hasAccumulatorPart: bool,
): i32 {
  const relative = splat<T>(quickRelative)
  const absolute = splat<T>(quickAbsolute)
  const added = splat<T>(addedEpsilon)
  const least = splat<T>(lowest)
  let i = from
  do {
    const at = <usize>i * sizeof<T>()
    const g0 = v128.load(g + at)
    const g1 = v128.load(g + at, 16)
    const g2 = v128.load(g + at, 32)
    const g3 = v128.load(g + at, 48)
    const w0 = v128.load(w + at)
    const w1 = v128.load(w + at, 16)
    const w2 = v128.load(w + at, 32)
    const w3 = v128.load(w + at, 48)
    const a0 = v128.load(a + at)
    const a1 = v128.load(a + at, 16)
    const a2 = v128.load(a + at, 32)
    const a3 = v128.load(a + at, 48)
    const root0 = v128.sqrt<T>(v128.add<T>(a0, added))
    const root1 = v128.sqrt<T>(v128.add<T>(a1, added))
    const root2 = v128.sqrt<T>(v128.add<T>(a2, added))
    const root3 = v128.sqrt<T>(v128.add<T>(a3, added))
    const next0 = moved<T>(w0, root0, g0, rate)
    const next1 = moved<T>(w1, root1, g1, rate)
    const next2 = moved<T>(w2, root2, g2, rate)
    const next3 = moved<T>(w3, root3, g3, rate)
    const areQuick = v128.and(
      v128.and(
        isQuick<T>(w0, root0, next0, relative, absolute, hasAccumulatorPart),
        isQuick<T>(w1, root1, next1, relative, absolute, hasAccumulatorPart),
      ),
      v128.and(
        isQuick<T>(w2, root2, next2, relative, absolute, hasAccumulatorPart),
        isQuick<T>(w3, root3, next3, relative, absolute, hasAccumulatorPart),
      ),
    )
    const areNormal = v128.ge<T>(v128.pmin<T>(v128.pmin<T>(a0, a1), v128.pmin<T>(a2, a3)), least)
    if (!allTrue<T>(v128.and(areNormal, areQuick))) return i
    v128.store(w + at, next0)
    v128.store(w + at, next1, 16)
    v128.store(w + at, next2, 32)
    v128.store(w + at, next3, 48)
    if (accumulates) {
      v128.store(a + at, accumulated<T>(a0, g0))
      v128.store(a + at, accumulated<T>(a1, g1), 16)
      v128.store(a + at, accumulated<T>(a2, g2), 32)
      v128.store(a + at, accumulated<T>(a3, g3), 48)
    }
    i += groupOf<T>()
  } while (i < end)
  return end
}

/** Updates one group if the exact bounds allow it; returns whether they do. */
function exactUpdate<T>(w: usize, a: usize, g: usize, rate: v128, accumulates: bool): bool {
  for (let at: usize = 0; at < GROUP_BYTES; at += 16) {
    const before = v128.load(w + at)
    const accumulator = v128.load(a + at)
    const root = v128.sqrt<T>(v128.add<T>(accumulator, splat<T>(addedEpsilon)))
    const next = moved<T>(before, root, v128.load(g + at), rate)
    if (!allTrue<T>(v128.ge<T>(accumulator, splat<T>(lowest)))) return false
    if (!i64x2.all_true(areWithin<T>(before, accumulator, next))) return false
  }
  for (let at: usize = 0; at < GROUP_BYTES; at += 16) {
    const gradient = v128.load(g + at)
    const accumulator = v128.load(a + at)
    const root = v128.sqrt<T>(v128.add<T>(accumulator, splat<T>(addedEpsilon)))
    v128.store(w + at, moved<T>(v128.load(w + at), root, gradient, rate))
    if (accumulates) v128.store(a + at, accumulated<T>(accumulator, gradient))
  }
  return true
}

@inline
function secondPass<T>(w: usize, a: usize, g: usize, from: i32, end: i32, factor: f64, accumulates: bool): i32 {
  const rate = splat<T>(learningRate * factor)
  let i = from
  while (i < end) {
    const stop = stretchEnd<T>(w, a, g, i, end, end - from)
    i =
      quickAccumulatorRelative != 0
        ? quickUpdate<T>(w, a, g, i, stop, rate, accumulates, true)
        : quickUpdate<T>(w, a, g, i, stop, rate, accumulates, false)
    if (i >= stop) continue
    const at = <usize>i * sizeof<T>()
    if (!exactUpdate<T>(w + at, a + at, g + at, rate, accumulates)) break
    i += groupOf<T>()
  }
  return i
}

/** w ← w − factor · lr · g / √(a + ε), and a ← a + g² where it `accumulates`. Returns where it has stopped. */
export function update32(w: usize, a: usize, g: usize, from: i32, end: i32, factor: f64, accumulates: bool): i32 {
  return secondPass<f32>(w, a, g, from, end, factor, accumulates)
}

export function update64(w: usize, a: usize, g: usize, from: i32, end: i32, factor: f64, accumulates: bool): i32 {
  return secondPass<f64>(w, a, g, from, end, factor, accumulates)
}

@inline
function squareAll<T>(a: usize, g: usize, from: i32, end: i32, factor: f64): void {
  const by = f64x2.splat(factor)
  for (let i = from; i < end; i += groupOf<T>()) {
    const at = <usize>i * sizeof<T>()
    let g0 = v128.load(g + at)
    let g1 = v128.load(g + at, 16)
    let g2 = v128.load(g + at, 32)
    let g3 = v128.load(g + at, 48)
    if (factor != 1) {
      g0 = scaled<T>(g0, by)
      g1 = scaled<T>(g1, by)
      g2 = scaled<T>(g2, by)
      g3 = scaled<T>(g3, by)
    }
    v128.store(a + at, accumulated<T>(v128.load(a + at), g0))
    v128.store(a + at, accumulated<T>(v128.load(a + at, 16), g1), 16)
    v128.store(a + at, accumulated<T>(v128.load(a + at, 32), g2), 32)
    v128.store(a + at, accumulated<T>(v128.load(a + at, 48), g3), 48)
  }
}

/** a ← a + (factor · g)² */
export function square32(a: usize, g: usize, from: i32, end: i32, factor: f64): void {
  squareAll<f32>(a, g, from, end, factor)
}

export function square64(a: usize, g: usize, from: i32, end: i32, factor: f64): void {
  squareAll<f64>(a, g, from, end, factor)
}
