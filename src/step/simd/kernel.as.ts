/**
 * The loops of float32-kernel.ts and float64-kernel.ts in WebAssembly SIMD (AssemblyScript): the same operations, rounded
 * one by one in the same order, so the same bits. The symbols are explained there.
 *
 * A pass works on whole groups of coordinates from `from` up to `end` and stops at the first group that needs care, for
 * the scalar kernel to decide: the second pass returns where that is (`end` if there is none), the first pass the factor,
 * or, where it has stopped at group i, −1 − i, with the factor so far in `reached`. Arrays are given by their byte
 * addresses in the memory, which belongs to the caller; any alignment will do.
 */

const TINY_32 = reinterpret<f32>(0x0d800000) // 2^-100
const TINY_ROOT_32 = reinterpret<f32>(0x26800000) // 2^-50
const SMALLEST_BOUND_32 = reinterpret<f32>(0x03800000) // 2^-120
const TINY_64 = reinterpret<f64>(0x07b0000000000000) // 2^-900
const TINY_ROOT_64 = reinterpret<f64>(0x23d0000000000000) // 2^-450
const LOW_64 = reinterpret<f64>(0x20b0000000000000) // 2^-500
const HIGH_64 = reinterpret<f64>(0x5f30000000000000) // 2^500
const CHECK_MARGIN_64: f64 = 0.9999999999999998 // 1 - 2^-52

const SMALLEST_RATE_32 = reinterpret<f32>(0x00800000) // 2^-126
const SMALLEST_RATE_64 = reinterpret<f64>(0x0170000000000000) // 2^-1000
const RATE_MARGIN_32: f64 = 1.0000019073486328 // 1 + 2^-19
const RATE_MARGIN_64: f64 = 1.0000000000000036 // 1 + 2^-48

/** What an update does to the accumulator. */
const DELAYED = 1
const DELAYED_CLIPPED = 2
const STANDARD = 3

// What `factorOf` works with: set by `prepare`.
let learningRate: f64 = 0
let epsilon: f64 = 0
let relative: f64 = 0
let accumulatorRelative: f64 = 0
let absolute: f64 = 0
let isPlain = false

/** The factor up to where a first pass has stopped. */
export let reached: f64 = 1

/** Sets the rate that the first pass tests with, and the rest of what it needs for a factor in double. */
export function prepare(
  testedLearningRate: f64,
  givenEpsilon: f64,
  relativeForFactor: f64,
  accumulatorRelativeForFactor: f64,
  absoluteForFactor: f64,
  plain: bool,
): void {
  learningRate = testedLearningRate
  epsilon = givenEpsilon
  relative = relativeForFactor
  accumulatorRelative = accumulatorRelativeForFactor
  absolute = absoluteForFactor
  isPlain = plain
}

/** `coordinateFactor` of coordinate.ts where it takes no care; NaN where it does. */
function factorOf(w: f64, a: f64, g: f64, smallestNormal: f64): f64 {
  const q = a + epsilon
  const part = abs(w) * relative + absolute
  const bound = part * sqrt(max(q, smallestNormal)) + accumulatorRelative
  const change = learningRate * abs(g)
  const isMiddling = min(min(part, bound), change) >= LOW_64 && max(max(part, bound), change) <= HIGH_64
  return isPlain && q >= 0 && isMiddling ? min(bound / change, 1) : NaN
}

function stop(i: i32, factor: f64): f64 {
  reached = factor
  return <f64>(-1 - i)
}

// ---------------------------------------------------------------- float32, four lanes

/** As `testedRate` of first-pass.ts, for coarser rounding. */
function testedRate32(factor: f64): f32 {
  return learningRate === 0 ? 0 : max(<f32>(learningRate * factor * RATE_MARGIN_32), SMALLEST_RATE_32)
}

// @ts-ignore: decorator
@inline
function accumulated32(a: v128, g: v128): v128 {
  return f32x4.pmin(f32x4.add(a, f32x4.mul(g, g)), f32x4.splat(f32.MAX_VALUE))
}

/** float32(factor · g), the product taken in double. */
// @ts-ignore: decorator
@inline
function scaled32(g: v128, factor: f64): v128 {
  const f = f64x2.splat(factor)
  const low = f32x4.demote_f64x2_zero(f64x2.mul(f64x2.promote_low_f32x4(g), f))
  const upper = i8x16.shuffle(g, g, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15)
  const high = f32x4.demote_f64x2_zero(f64x2.mul(f64x2.promote_low_f32x4(upper), f))
  return i8x16.shuffle(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23)
}

/** The accumulator that preconditions. */
// @ts-ignore: decorator
@inline
function preconditioner32(a: usize, g: v128, standard: bool): v128 {
  const accumulator = v128.load(a)
  return standard ? f32x4.add(accumulator, f32x4.mul(g, g)) : accumulator
}

/** |w| · relative + absolute */
// @ts-ignore: decorator
@inline
function flat32(w: v128, relative: v128, absolute: v128): v128 {
  return f32x4.add(f32x4.mul(f32x4.abs(w), relative), absolute)
}

/** (factor · lr · |g| − accumulatorRelative)², at least TINY */
// @ts-ignore: decorator
@inline
function left32(g: v128, rate: v128, accumulatorRelative: v128): v128 {
  const over = f32x4.pmax(f32x4.sub(f32x4.mul(rate, f32x4.abs(g)), accumulatorRelative), f32x4.splat(TINY_ROOT_32))
  return f32x4.mul(over, over)
}

export function factor32(
  w: usize,
  a: usize,
  g: usize,
  from: i32,
  end: i32,
  relative: f32,
  accumulatorRelative: f32,
  absolute: f32,
  epsilon: f32,
  factor: f64,
  standard: bool,
): f64 {
  const rel = f32x4.splat(relative)
  const acc = f32x4.splat(accumulatorRelative)
  const base = f32x4.splat(absolute)
  const eps = f32x4.splat(epsilon)
  let r = f32x4.splat(testedRate32(factor))
  for (let i = from; i < end; i += 16) {
    const at = <usize>i << 2
    const g0 = v128.load(g + at)
    const g1 = v128.load(g + at, 16)
    const g2 = v128.load(g + at, 32)
    const g3 = v128.load(g + at, 48)
    const a0 = preconditioner32(a + at, g0, standard)
    const a1 = preconditioner32(a + at + 16, g1, standard)
    const a2 = preconditioner32(a + at + 32, g2, standard)
    const a3 = preconditioner32(a + at + 48, g3, standard)
    const flat0 = flat32(v128.load(w + at), rel, base)
    const flat1 = flat32(v128.load(w + at, 16), rel, base)
    const flat2 = flat32(v128.load(w + at, 32), rel, base)
    const flat3 = flat32(v128.load(w + at, 48), rel, base)
    const squared0 = f32x4.mul(flat0, flat0)
    const squared1 = f32x4.mul(flat1, flat1)
    const squared2 = f32x4.mul(flat2, flat2)
    const squared3 = f32x4.mul(flat3, flat3)
    const right0 = f32x4.mul(squared0, f32x4.add(a0, eps))
    const right1 = f32x4.mul(squared1, f32x4.add(a1, eps))
    const right2 = f32x4.mul(squared2, f32x4.add(a2, eps))
    const right3 = f32x4.mul(squared3, f32x4.add(a3, eps))
    // Four vectors are tested at once. No right is negative, so their sum is finite only if each is, and not NaN either;
    // where a square or an accumulator is NaN, so is its right.
    const inRange = v128.and(
      f32x4.le(f32x4.add(f32x4.add(right0, right1), f32x4.add(right2, right3)), f32x4.splat(f32.MAX_VALUE)),
      f32x4.ge(f32x4.pmin(f32x4.pmin(squared0, squared1), f32x4.pmin(squared2, squared3)), f32x4.splat(TINY_32)),
    )
    const above0 = f32x4.lt(left32(g0, r, acc), right0)
    const above1 = f32x4.lt(left32(g1, r, acc), right1)
    const above2 = f32x4.lt(left32(g2, r, acc), right2)
    const above3 = f32x4.lt(left32(g3, r, acc), right3)
    const isAbove = v128.and(v128.and(above0, above1), v128.and(above2, above3))
    const isPositive = f32x4.ge(f32x4.pmin(f32x4.pmin(a0, a1), f32x4.pmin(a2, a3)), f32x4.splat(0))
    const isSound = v128.and(inRange, isPositive)
    if (i32x4.all_true(v128.and(isSound, isAbove))) continue
    if (!i32x4.all_true(isSound)) return stop(i, factor)
    const above =
      i32x4.bitmask(above0) | (i32x4.bitmask(above1) << 4) | (i32x4.bitmask(above2) << 8) | (i32x4.bitmask(above3) << 12)
    for (let rest = ~above & 0xffff; rest !== 0; rest &= rest - 1) {
      const lane = at + (ctz(rest) << 2)
      const gradient = load<f32>(g + lane)
      let accumulator = load<f32>(a + lane)
      if (standard) accumulator += gradient * gradient
      const candidate = factorOf(load<f32>(w + lane), accumulator, gradient, f32.MIN_NORMAL_VALUE)
      if (isNaN(candidate)) return stop(i, factor)
      factor = min(factor, candidate)
    }
    r = f32x4.splat(testedRate32(factor))
  }
  return factor
}

/** Whether both vectors moved within their bounds, and these are not so small that they have lost digits. */
// @ts-ignore: decorator
@inline
function isWithin32(moved0: v128, moved1: v128, bound0: v128, bound1: v128): v128 {
  return v128.and(
    v128.and(f32x4.le(moved0, bound0), f32x4.le(moved1, bound1)),
    f32x4.ge(f32x4.pmin(bound0, bound1), f32x4.splat(SMALLEST_BOUND_32)),
  )
}

export function update32(
  w: usize,
  a: usize,
  g: usize,
  from: i32,
  end: i32,
  rate: f32,
  relative: f32,
  accumulatorRelative: f32,
  absolute: f32,
  epsilon: f32,
  accumulation: i32,
  factor: f64,
): i32 {
  const r = f32x4.splat(rate)
  const rel = f32x4.splat(relative)
  const acc = f32x4.splat(accumulatorRelative)
  const base = f32x4.splat(absolute)
  const eps = f32x4.splat(epsilon)
  const smallest = f32x4.splat(f32.MIN_NORMAL_VALUE)
  const largest = f32x4.splat(f32.MAX_VALUE)
  for (let i = from; i < end; i += 8) {
    const at = <usize>i << 2
    const g0 = v128.load(g + at)
    const g1 = v128.load(g + at, 16)
    const w0 = v128.load(w + at)
    const w1 = v128.load(w + at, 16)
    let a0 = v128.load(a + at)
    let a1 = v128.load(a + at, 16)
    if (accumulation === STANDARD) {
      a0 = accumulated32(a0, g0)
      a1 = accumulated32(a1, g1)
    }
    const root0 = f32x4.sqrt(f32x4.pmax(f32x4.add(a0, eps), smallest))
    const root1 = f32x4.sqrt(f32x4.pmax(f32x4.add(a1, eps), smallest))
    const next0 = f32x4.sub(w0, f32x4.div(f32x4.mul(r, g0), root0))
    const next1 = f32x4.sub(w1, f32x4.div(f32x4.mul(r, g1), root1))
    const flat0 = flat32(w0, rel, base)
    const flat1 = flat32(w1, rel, base)
    const moved0 = f32x4.abs(f32x4.sub(next0, w0))
    const moved1 = f32x4.abs(f32x4.sub(next1, w1))
    // Below the largest and with a + ε that cannot cancel.
    const plain = v128.and(
      f32x4.le(f32x4.pmax(moved0, moved1), largest),
      f32x4.ge(f32x4.pmin(a0, a1), f32x4.splat(0)),
    )
    if (!i32x4.all_true(v128.and(plain, isWithin32(moved0, moved1, flat0, flat1)))) {
      // The accumulator's part of the bound takes a division and is seldom needed.
      if (accumulatorRelative === 0) return i
      const bound0 = f32x4.add(flat0, f32x4.div(acc, root0))
      const bound1 = f32x4.add(flat1, f32x4.div(acc, root1))
      if (!i32x4.all_true(v128.and(plain, isWithin32(moved0, moved1, bound0, bound1)))) return i
    }
    v128.store(w + at, next0)
    v128.store(w + at, next1, 16)
    if (accumulation === DELAYED) {
      a0 = accumulated32(a0, g0)
      a1 = accumulated32(a1, g1)
    } else if (accumulation === DELAYED_CLIPPED) {
      a0 = accumulated32(a0, scaled32(g0, factor))
      a1 = accumulated32(a1, scaled32(g1, factor))
    }
    if (accumulation !== 0) {
      v128.store(a + at, a0)
      v128.store(a + at, a1, 16)
    }
  }
  return end
}

// ---------------------------------------------------------------- float64, two lanes

/** As `testedRate` of first-pass.ts. */
function testedRate64(factor: f64): f64 {
  return learningRate === 0 ? 0 : max(learningRate * factor * RATE_MARGIN_64, SMALLEST_RATE_64)
}

// @ts-ignore: decorator
@inline
function accumulated64(a: v128, g: v128): v128 {
  return f64x2.pmin(f64x2.add(a, f64x2.mul(g, g)), f64x2.splat(f64.MAX_VALUE))
}

/** The accumulator that preconditions. */
// @ts-ignore: decorator
@inline
function preconditioner64(a: usize, g: v128, standard: bool): v128 {
  const accumulator = v128.load(a)
  return standard ? f64x2.add(accumulator, f64x2.mul(g, g)) : accumulator
}

/** |w| · relative + absolute */
// @ts-ignore: decorator
@inline
function flat64(w: v128, relative: v128, absolute: v128): v128 {
  return f64x2.add(f64x2.mul(f64x2.abs(w), relative), absolute)
}

/** (factor · lr · |g| − accumulatorRelative)², at least TINY */
// @ts-ignore: decorator
@inline
function left64(g: v128, rate: v128, accumulatorRelative: v128): v128 {
  const over = f64x2.pmax(f64x2.sub(f64x2.mul(rate, f64x2.abs(g)), accumulatorRelative), f64x2.splat(TINY_ROOT_64))
  return f64x2.mul(over, over)
}

export function factor64(
  w: usize,
  a: usize,
  g: usize,
  from: i32,
  end: i32,
  relative: f64,
  accumulatorRelative: f64,
  absolute: f64,
  epsilon: f64,
  factor: f64,
  standard: bool,
): f64 {
  const rel = f64x2.splat(relative)
  const acc = f64x2.splat(accumulatorRelative)
  const base = f64x2.splat(absolute)
  const eps = f64x2.splat(epsilon)
  let r = f64x2.splat(testedRate64(factor))
  for (let i = from; i < end; i += 8) {
    const at = <usize>i << 3
    const g0 = v128.load(g + at)
    const g1 = v128.load(g + at, 16)
    const g2 = v128.load(g + at, 32)
    const g3 = v128.load(g + at, 48)
    const a0 = preconditioner64(a + at, g0, standard)
    const a1 = preconditioner64(a + at + 16, g1, standard)
    const a2 = preconditioner64(a + at + 32, g2, standard)
    const a3 = preconditioner64(a + at + 48, g3, standard)
    const flat0 = flat64(v128.load(w + at), rel, base)
    const flat1 = flat64(v128.load(w + at, 16), rel, base)
    const flat2 = flat64(v128.load(w + at, 32), rel, base)
    const flat3 = flat64(v128.load(w + at, 48), rel, base)
    const squared0 = f64x2.mul(flat0, flat0)
    const squared1 = f64x2.mul(flat1, flat1)
    const squared2 = f64x2.mul(flat2, flat2)
    const squared3 = f64x2.mul(flat3, flat3)
    const right0 = f64x2.mul(squared0, f64x2.add(a0, eps))
    const right1 = f64x2.mul(squared1, f64x2.add(a1, eps))
    const right2 = f64x2.mul(squared2, f64x2.add(a2, eps))
    const right3 = f64x2.mul(squared3, f64x2.add(a3, eps))
    // As above; where a right is negative, its own test fails.
    const inRange = v128.and(
      f64x2.le(f64x2.add(f64x2.add(right0, right1), f64x2.add(right2, right3)), f64x2.splat(f64.MAX_VALUE)),
      f64x2.ge(f64x2.pmin(f64x2.pmin(squared0, squared1), f64x2.pmin(squared2, squared3)), f64x2.splat(TINY_64)),
    )
    const above0 = f64x2.lt(left64(g0, r, acc), right0)
    const above1 = f64x2.lt(left64(g1, r, acc), right1)
    const above2 = f64x2.lt(left64(g2, r, acc), right2)
    const above3 = f64x2.lt(left64(g3, r, acc), right3)
    const isAbove = v128.and(v128.and(above0, above1), v128.and(above2, above3))
    if (i64x2.all_true(v128.and(inRange, isAbove))) continue
    if (!i64x2.all_true(inRange)) return stop(i, factor)
    const above =
      i64x2.bitmask(above0) | (i64x2.bitmask(above1) << 2) | (i64x2.bitmask(above2) << 4) | (i64x2.bitmask(above3) << 6)
    for (let rest = ~above & 0xff; rest !== 0; rest &= rest - 1) {
      const lane = at + (ctz(rest) << 3)
      const gradient = load<f64>(g + lane)
      let accumulator = load<f64>(a + lane)
      if (standard) accumulator += gradient * gradient
      const candidate = factorOf(load<f64>(w + lane), accumulator, gradient, f64.MIN_NORMAL_VALUE)
      if (isNaN(candidate)) return stop(i, factor)
      factor = min(factor, candidate)
    }
    r = f64x2.splat(testedRate64(factor))
  }
  return factor
}

/** Whether both vectors moved within bounds of the middle range, where doubles need no care. */
// @ts-ignore: decorator
@inline
function isWithin64(moved0: v128, moved1: v128, bound0: v128, bound1: v128, high: v128): v128 {
  const margin = f64x2.splat(CHECK_MARGIN_64)
  return v128.and(
    v128.and(f64x2.le(moved0, f64x2.mul(bound0, margin)), f64x2.le(moved1, f64x2.mul(bound1, margin))),
    v128.and(
      f64x2.ge(f64x2.pmin(bound0, bound1), f64x2.splat(LOW_64)),
      f64x2.le(f64x2.pmax(bound0, bound1), high),
    ),
  )
}

export function update64(
  w: usize,
  a: usize,
  g: usize,
  from: i32,
  end: i32,
  rate: f64,
  relative: f64,
  accumulatorRelative: f64,
  absolute: f64,
  epsilon: f64,
  accumulation: i32,
  factor: f64,
): i32 {
  const r = f64x2.splat(rate)
  const rel = f64x2.splat(relative)
  const acc = f64x2.splat(accumulatorRelative)
  const base = f64x2.splat(absolute)
  const eps = f64x2.splat(epsilon)
  const f = f64x2.splat(factor)
  const smallest = f64x2.splat(f64.MIN_NORMAL_VALUE)
  const largest = f64x2.splat(f64.MAX_VALUE)
  const highest = f64x2.splat(HIGH_64)
  // Without clipping every bound is infinite.
  const high = f64x2.splat(absolute === Infinity ? Infinity : HIGH_64)
  for (let i = from; i < end; i += 4) {
    const at = <usize>i << 3
    const g0 = v128.load(g + at)
    const g1 = v128.load(g + at, 16)
    const w0 = v128.load(w + at)
    const w1 = v128.load(w + at, 16)
    let a0 = v128.load(a + at)
    let a1 = v128.load(a + at, 16)
    if (accumulation === STANDARD) {
      a0 = accumulated64(a0, g0)
      a1 = accumulated64(a1, g1)
    }
    const q0 = f64x2.pmax(f64x2.add(a0, eps), smallest)
    const q1 = f64x2.pmax(f64x2.add(a1, eps), smallest)
    const root0 = f64x2.sqrt(q0)
    const root1 = f64x2.sqrt(q1)
    const next0 = f64x2.sub(w0, f64x2.div(f64x2.mul(r, g0), root0))
    const next1 = f64x2.sub(w1, f64x2.div(f64x2.mul(r, g1), root1))
    const flat0 = flat64(w0, rel, base)
    const flat1 = flat64(w1, rel, base)
    const moved0 = f64x2.abs(f64x2.sub(next0, w0))
    const moved1 = f64x2.abs(f64x2.sub(next1, w1))
    const plain = v128.and(
      f64x2.le(f64x2.pmax(moved0, moved1), largest),
      f64x2.le(f64x2.pmax(q0, q1), highest),
    )
    if (!i64x2.all_true(v128.and(plain, isWithin64(moved0, moved1, flat0, flat1, high)))) {
      if (accumulatorRelative === 0) return i
      const bound0 = f64x2.add(flat0, f64x2.div(acc, root0))
      const bound1 = f64x2.add(flat1, f64x2.div(acc, root1))
      if (!i64x2.all_true(v128.and(plain, isWithin64(moved0, moved1, bound0, bound1, high)))) return i
    }
    v128.store(w + at, next0)
    v128.store(w + at, next1, 16)
    if (accumulation === DELAYED) {
      a0 = accumulated64(a0, g0)
      a1 = accumulated64(a1, g1)
    } else if (accumulation === DELAYED_CLIPPED) {
      a0 = accumulated64(a0, f64x2.mul(f, g0))
      a1 = accumulated64(a1, f64x2.mul(f, g1))
    }
    if (accumulation !== 0) {
      v128.store(a + at, a0)
      v128.store(a + at, a1, 16)
    }
  }
  return end
}
