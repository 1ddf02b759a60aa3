// First pass of a step: the smallest clipping factor. Reads only.
import {
  epsilon,
  addedEpsilon,
  testedLearningRate,
  testedRelative,
  testedAccumulatorRelative,
  testedAbsolute,
  factorRelative,
  factorAccumulatorRelative,
  factorAbsolute,
  low,
} from './constants.as'
import { stretchEnd } from './read-ahead.as'
import {
  groupOf,
  splat,
  allTrue,
  tiny,
  largest,
  smallestNormal,
  pair,
  flat,
  isMiddling,
  GROUP_BYTES,
} from './vectors.as'

/** The factor up to where `factor32` or `factor64` has stopped. */
export let reached: f64 = 1

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
