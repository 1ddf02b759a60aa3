/**
 * The loops of float32.ts and float64.ts in WebAssembly SIMD (AssemblyScript), written once for both precisions: T is f32,
 * four lanes to a vector, or f64, two. The symbols are the paper's, as in coordinate.ts: w the variable, a the accumulator,
 * g the gradient, q = a + ε.
 *
 * A loop works on whole groups of four vectors, from `from` up to `end`, and stops at the first group that it may not
 * settle itself: `driver.ts` does, and goes on behind it. Arrays are given by their byte addresses in the memory, which
 * belongs to the caller; any alignment will do.
 *
 * The hot loops test their condition at the end: V8 takes constants out of a loop only where its body is sure to run, and
 * converting them in each round costs a sixth of a step.
 */

const GROUP_BYTES: usize = 64

// The constants of the options in use, set by name from outside: constants.ts works them out and explains them. Those that a
// loop tests with in T are numbers of that type.
export let learningRate: f64 = 0
export let epsilon: f64 = 0
export let addedEpsilon: f64 = 0
export let lowest: f64 = 0
export let testedLearningRate: f64 = 0
export let testedRelative: f64 = 0
export let testedAccumulatorRelative: f64 = 0
export let testedAbsolute: f64 = 0
export let factorRelative: f64 = 0
export let factorAccumulatorRelative: f64 = 0
export let factorAbsolute: f64 = 0
export let quickRelative: f64 = 0
export let quickAccumulatorRelative: f64 = 0
export let quickAbsolute: f64 = 0
export let boundRelative: f64 = 0
export let boundAccumulatorRelative: f64 = 0
export let boundAbsolute: f64 = 0
export let low: f64 = 0

/** The factor up to where `factor32` or `factor64` has stopped. */
export let reached: f64 = 1

// ---------------------------------------------------------------- what depends on the precision

/** How many coordinates are settled at once. */
@inline
function groupOf<T>(): i32 {
  return <i32>(GROUP_BYTES / sizeof<T>())
}

@inline
function splat<T>(x: f64): v128 {
  return v128.splat<T>(<T>x)
}

@inline
function allTrue<T>(mask: v128): bool {
  return sizeof<T>() == 4 ? i32x4.all_true(mask) : i64x2.all_true(mask)
}

/** Below this a product may have lost digits to subnormal numbers. */
@inline
function tiny<T>(): v128 {
  return splat<T>(sizeof<T>() == 4 ? <f64>reinterpret<f32>(0x0d800000) /* 2^-100 */ : reinterpret<f64>(0x07b0000000000000) /* 2^-900 */)
}

@inline
function largest<T>(): v128 {
  return splat<T>(sizeof<T>() == 4 ? <f64>f32.MAX_VALUE : f64.MAX_VALUE)
}

@inline
function smallestNormal<T>(): f64 {
  return sizeof<T>() == 4 ? <f64>f32.MIN_NORMAL_VALUE : f64.MIN_NORMAL_VALUE
}

/** Two values as doubles. */
@inline
function pair<T>(address: usize): v128 {
  return sizeof<T>() == 4 ? f64x2.promote_low_f32x4(v128.load64_zero(address)) : v128.load(address)
}

/** The upper half of a vector, in its lower one. */
@inline
function upper(x: v128): v128 {
  return i8x16.shuffle(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15)
}

/** T(factor · g), the product taken in double. */
@inline
function scaled<T>(g: v128, factor: v128): v128 {
  if (sizeof<T>() == 8) return f64x2.mul(factor, g)
  const first = f32x4.demote_f64x2_zero(f64x2.mul(f64x2.promote_low_f32x4(g), factor))
  const second = f32x4.demote_f64x2_zero(f64x2.mul(f64x2.promote_low_f32x4(upper(g)), factor))
  return i8x16.shuffle(first, second, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23)
}

/** A processor reads ahead by itself, but not beyond the end of a page. */
const PAGE_BYTES: usize = 4096

/** Arrays of fewer bytes come from a cache. */
const FEWEST_BYTES: usize = 1 << 22

/** What was read for nothing else, so that no compiler drops the loads. */
export let read: i32 = 0

/** Reads the first lines of the page after the next one of an array, with which the processor then goes on. */
function begin(address: usize): void {
  const page = (address | (PAGE_BYTES - 1)) + 1 + PAGE_BYTES
  if ((page + 256) >>> 16 < <usize>memory.size()) {
    read += load<u8>(page) + load<u8>(page, 64) + load<u8>(page, 128) + load<u8>(page, 192)
  }
}

/**
 * Where a loop over `count` coordinates is to stop on its way from `i` to `end`: after a page of each array, of which the next
 * pages are begun here, so that their data are on their way. A step in place on 1,000,000 coordinates or more takes a tenth
 * to a third less.
 */
@inline
function stretchEnd<T>(w: usize, a: usize, g: usize, i: i32, end: i32, count: i32): i32 {
  if (<usize>count * sizeof<T>() < FEWEST_BYTES) return end
  const at = <usize>i * sizeof<T>()
  begin(w + at)
  begin(a + at)
  begin(g + at)
  return min(i + <i32>(PAGE_BYTES / sizeof<T>()), end)
}

// ---------------------------------------------------------------- first pass

/** lr · factor, a little larger: `testedRate` of driver.ts, for rounding to T. */
@inline
function testedRate<T>(factor: f64): v128 {
  if (testedLearningRate == 0) return splat<T>(0)
  const margin: f64 = sizeof<T>() == 4 ? 1.0000019073486328 /* 1 + 2^-19 */ : 1.0000000000000036 /* 1 + 2^-48 */
  const smallest = sizeof<T>() == 4 ? smallestNormal<T>() : reinterpret<f64>(0x0170000000000000) // 2^-1000
  return splat<T>(max(testedLearningRate * factor * margin, smallest))
}

/** The accumulator that preconditions. */
@inline
function preconditioner<T>(a: v128, g: v128, standard: bool): v128 {
  return standard ? v128.add<T>(a, v128.mul<T>(g, g)) : a
}

/** |w| · relative + absolute */
@inline
function flat<T>(w: v128, relative: v128, absolute: v128): v128 {
  return v128.add<T>(v128.mul<T>(v128.abs<T>(w), relative), absolute)
}

/** (factor · lr · |g| − accumulatorRelative)², 0 where that is below zero. */
@inline
function left<T>(g: v128, rate: v128, accumulatorRelative: v128, hasAccumulatorPart: bool): v128 {
  let over = v128.mul<T>(rate, g)
  if (hasAccumulatorPart) {
    over = v128.pmax<T>(v128.sub<T>(v128.abs<T>(over), accumulatorRelative), splat<T>(0))
  }
  return v128.mul<T>(over, over)
}

/**
 * flat² · q. Where that is at least TINY and finite, nothing has lost digits to subnormal numbers or overflowed on the way,
 * because flat stands on both sides of q.
 */
@inline
function right<T>(flat: v128, a: v128, addedEpsilon: v128): v128 {
  return v128.mul<T>(v128.mul<T>(flat, v128.add<T>(a, addedEpsilon)), flat)
}

/**
 * The first group from `from` on in which a factor may be below the one that `rate` was made from, or a coordinate is not
 * sound; `end` if there is none.
 */
@inline
function above<T>(
  w: usize, a: usize, g: usize, from: i32, end: i32, rate: v128, standard: bool, hasAccumulatorPart: bool,
): i32 {
  const relative = splat<T>(testedRelative)
  const accumulatorRelative = splat<T>(testedAccumulatorRelative)
  const absolute = splat<T>(testedAbsolute)
  const added = splat<T>(addedEpsilon)
  let i = from
  do {
    const at = <usize>i * sizeof<T>()
    const g0 = v128.load(g + at)
    const g1 = v128.load(g + at, 16)
    const g2 = v128.load(g + at, 32)
    const g3 = v128.load(g + at, 48)
    const a0 = preconditioner<T>(v128.load(a + at), g0, standard)
    const a1 = preconditioner<T>(v128.load(a + at, 16), g1, standard)
    const a2 = preconditioner<T>(v128.load(a + at, 32), g2, standard)
    const a3 = preconditioner<T>(v128.load(a + at, 48), g3, standard)
    const right0 = right<T>(flat<T>(v128.load(w + at), relative, absolute), a0, added)
    const right1 = right<T>(flat<T>(v128.load(w + at, 16), relative, absolute), a1, added)
    const right2 = right<T>(flat<T>(v128.load(w + at, 32), relative, absolute), a2, added)
    const right3 = right<T>(flat<T>(v128.load(w + at, 48), relative, absolute), a3, added)
    // The sum of the four is NaN or infinite where one of them is, because none of them is below TINY.
    let isSound = v128.and(
      v128.le<T>(v128.add<T>(v128.add<T>(right0, right1), v128.add<T>(right2, right3)), largest<T>()),
      v128.ge<T>(v128.pmin<T>(v128.pmin<T>(right0, right1), v128.pmin<T>(right2, right3)), tiny<T>()),
    )
    // Below zero, a + ε may cancel, which float32 is too coarse for.
    if (sizeof<T>() == 4) {
      isSound = v128.and(isSound, f32x4.ge(f32x4.pmin(f32x4.pmin(a0, a1), f32x4.pmin(a2, a3)), f32x4.splat(0)))
    }
    const isAbove = v128.and(
      v128.and(
        v128.lt<T>(left<T>(g0, rate, accumulatorRelative, hasAccumulatorPart), right0),
        v128.lt<T>(left<T>(g1, rate, accumulatorRelative, hasAccumulatorPart), right1),
      ),
      v128.and(
        v128.lt<T>(left<T>(g2, rate, accumulatorRelative, hasAccumulatorPart), right2),
        v128.lt<T>(left<T>(g3, rate, accumulatorRelative, hasAccumulatorPart), right3),
      ),
    )
    if (!allTrue<T>(v128.and(isSound, isAbove))) return i
    i += groupOf<T>()
  } while (i < end)
  return end
}

/** Doubles between 2^-500 and 2^500, whose products and quotients are normal; none at all where thresholds are tiny. */
@inline
function isMiddling(x: v128): v128 {
  const high = f64x2.splat(reinterpret<f64>(0x5f30000000000000)) // 2^500
  return v128.and(f64x2.ge(x, f64x2.splat(low)), f64x2.le(x, high))
}

/** The smaller of `factor` and the smallest factor of a group, as `coordinateFactor` works it out; NaN where that takes care. */
function exactFactor<T>(w: usize, a: usize, g: usize, factor: f64, standard: bool): f64 {
  let smallest = f64x2.splat(factor)
  let least = f64x2.splat(Infinity)
  let leastSum = least
  let total = f64x2.splat(0)
  let at: usize = 0
  do {
    const gradient = pair<T>(g + at)
    let accumulator = pair<T>(a + at)
    if (standard) {
      if (sizeof<T>() == 4) {
        const single = v128.load64_zero(g + at)
        accumulator = f64x2.promote_low_f32x4(preconditioner<T>(v128.load64_zero(a + at), single, true))
      } else accumulator = preconditioner<T>(accumulator, gradient, true)
    }
    const q = f64x2.add(accumulator, f64x2.splat(epsilon))
    const part = flat<f64>(pair<T>(w + at), f64x2.splat(factorRelative), f64x2.splat(factorAbsolute))
    const change = f64x2.mul(f64x2.splat(testedLearningRate), f64x2.abs(gradient))
    const root = f64x2.sqrt(f64x2.pmax(q, f64x2.splat(smallestNormal<T>())))
    const bound = f64x2.add(f64x2.mul(part, root), f64x2.splat(factorAccumulatorRelative))
    smallest = f64x2.pmin(smallest, f64x2.div(bound, change))
    least = f64x2.pmin(least, f64x2.pmin(part, bound))
    leastSum = f64x2.pmin(leastSum, q)
    total = f64x2.add(total, f64x2.add(f64x2.add(part, bound), change))
    at += 2 * sizeof<T>()
  } while (at < GROUP_BYTES)
  // Where one of them is NaN, so is the total. Two things need no look: a change of 0, for which the quotient is infinite, and
  // one below 2^-500, for which it is above 1.
  const arePlain = v128.and(f64x2.ge(least, f64x2.splat(low)), f64x2.ge(leastSum, f64x2.splat(0)))
  if (!i64x2.all_true(v128.and(arePlain, isMiddling(total)))) return NaN
  return min(f64x2.extract_lane(smallest, 0), f64x2.extract_lane(smallest, 1))
}

/**
 * The smaller of `factor` and the smallest clipping factor of the groups; −1 − i where it has stopped at the group of
 * coordinate i, with the factor so far in `reached`. With `standard`, the accumulator that preconditions is a + g².
 */
@inline
function smallestFactor<T>(w: usize, a: usize, g: usize, from: i32, end: i32, factor: f64, standard: bool): f64 {
  // The usual case has a loop of its own, which is a quarter faster without what the others need.
  const isUsual = !standard && testedAccumulatorRelative == 0
  let i = from
  while (i < end) {
    const stop = stretchEnd<T>(w, a, g, i, end, end - from)
    const rate = testedRate<T>(factor)
    i = isUsual ? above<T>(w, a, g, i, stop, rate, false, false) : above<T>(w, a, g, i, stop, rate, standard, true)
    if (i >= stop) continue
    const at = <usize>i * sizeof<T>()
    const candidate = exactFactor<T>(w + at, a + at, g + at, factor, standard)
    if (isNaN(candidate)) {
      reached = factor
      return <f64>(-1 - i)
    }
    factor = candidate
    i += groupOf<T>()
  }
  return factor
}

export function factor32(w: usize, a: usize, g: usize, from: i32, end: i32, factor: f64, standard: bool): f64 {
  return smallestFactor<f32>(w, a, g, from, end, factor, standard)
}

export function factor64(w: usize, a: usize, g: usize, from: i32, end: i32, factor: f64, standard: bool): f64 {
  return smallestFactor<f64>(w, a, g, from, end, factor, standard)
}

// ---------------------------------------------------------------- second pass

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
