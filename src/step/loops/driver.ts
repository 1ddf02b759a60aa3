import { coordinateFactor, stoppedAtBound } from '../coordinate.ts'
import type { Hyperparameters } from '../hyperparameters.ts'
import { float32, type Precision } from '../precision.ts'
import type { FloatArray } from '../types.ts'
import { float32Loops } from './float32.ts'
import { float64Loops } from './float64.ts'
import { GROUP_BYTES, type Kernel, preparedLoops } from './kernel.ts'
import type { Loops } from './loops.ts'

/** Coordinates where the loops reach them: the first `length` of three arrays of one precision. */
export interface Block {
  readonly variable: FloatArray
  readonly accumulator: FloatArray
  readonly gradient: FloatArray
  readonly length: number
  /** Where they lie in the memory of a SIMD kernel; undefined for the portable loops. */
  readonly inKernel: InKernel | undefined
}

/** The kernel on the memory of a block, and the byte addresses of the arrays there. */
export interface InKernel {
  readonly kernel: Kernel
  readonly variable: number
  readonly accumulator: number
  readonly gradient: number
}

/**
 * First pass, reads only: the smaller of `factor` and the smallest clipping factor of the block; NaN if a coordinate is not
 * finite or has a + ε < 0. With `standard`, the accumulator that preconditions is a + g².
 */
export function smallestFactorOf(block: Block, factor: number, standard: boolean, h: Hyperparameters): number {
  const { length: n, inKernel } = block
  if (inKernel === undefined) return smallestOfRest(block, 0, n, factor, standard, h)
  const { kernel, variable, accumulator, gradient } = inKernel
  const loops = preparedLoops(kernel, h)
  const group = groupOf(h)
  const whole = n & -group
  for (let i = 0; i < n; ) {
    if (i < whole) {
      // Each called by its name, here and below: where a program steps both precisions, V8 takes a fifth longer for a step on
      // 16 coordinates by a call that may be either.
      const result =
        h.precision === float32
          ? loops.factor32(variable, accumulator, gradient, i, whole, factor, standard)
          : loops.factor64(variable, accumulator, gradient, i, whole, factor, standard)
      factor = result < 0 ? loops.reached.value : result
      i = result < 0 ? -1 - result : whole
    }
    if (i === n) break
    const end = Math.min(i + group, n)
    factor = smallestOfRest(block, i, end, factor, standard, h)
    if (Number.isNaN(factor)) break
    i = end
  }
  return factor
}

/** The same by the portable loops, over [i, n). */
function smallestOfRest(
  { variable: w, accumulator: a, gradient: g }: Block,
  i: number,
  n: number,
  factor: number,
  standard: boolean,
  h: Hyperparameters,
): number {
  const loops = loopsOf(h.precision)
  const isUsual = !standard && h.loops.tested.accumulatorRelative === 0
  for (; ; i++) {
    const rate = testedRate(factor, h)
    i = isUsual ? loops.above(w, a, g, i, n, rate, h) : loops.aboveAny(w, a, g, i, n, rate, standard ? 1 : 0, h)
    if (i >= n) return factor
    const candidate = coordinateFactor(w[i], standard ? loops.squared(a[i], g[i]) : a[i], g[i], h)
    if (Number.isNaN(candidate)) return candidate
    factor = Math.min(factor, candidate)
  }
}

/**
 * lr · factor, more than the rounding errors of the test larger: what passes the test with it has no smaller factor. Not so
 * small that its square would be lost.
 */
function testedRate(factor: number, { loops }: Hyperparameters): number {
  const { learningRate } = loops.tested
  if (learningRate === 0 || factor === 0) return 0
  return Math.max(learningRate * factor * (1 + 2 ** -20), 2 ** -300)
}

/**
 * Second pass: w ← w − factor · lr · g / √(a + ε), each coordinate stopped at its bound, and a ← a + g² where it
 * `accumulates`. Everything has been checked.
 */
export function updateBlock(block: Block, factor: number, accumulates: boolean, h: Hyperparameters): void {
  const { length: n, inKernel } = block
  if (inKernel === undefined) {
    updateRest(block, 0, n, factor, accumulates, h)
    return
  }
  const { kernel, variable, accumulator, gradient } = inKernel
  const loops = preparedLoops(kernel, h)
  const group = groupOf(h)
  const whole = n & -group
  for (let i = 0; i < n; ) {
    if (i < whole) {
      i =
        h.precision === float32
          ? loops.update32(variable, accumulator, gradient, i, whole, factor, accumulates)
          : loops.update64(variable, accumulator, gradient, i, whole, factor, accumulates)
    }
    if (i === n) break
    const end = Math.min(i + group, n)
    updateRest(block, i, end, factor, accumulates, h)
    i = end
  }
}

/** Second pass and the accumulator's update: ahead of the move in standard mode, else behind it. */
export function updateInMode(block: Block, factor: number, h: Hyperparameters): void {
  if (h.useStandardAccumulatorUpdate) {
    squareBlock(block, 1, h)
    updateBlock(block, factor, false, h)
  } else if (h.clipAccumulatorUpdate) {
    updateBlock(block, factor, false, h)
    squareBlock(block, factor, h)
  } else {
    updateBlock(block, factor, true, h)
  }
}

function updateRest(
  { variable: w, accumulator: a, gradient: g }: Block,
  i: number,
  n: number,
  factor: number,
  accumulates: boolean,
  h: Hyperparameters,
): void {
  const loops = loopsOf(h.precision)
  for (i = loops.update(w, a, g, i, n, factor, accumulates, h); i < n; ) {
    w[i] = stoppedAtBound(w[i], a[i], g[i], factor, loops.proposal(w[i], a[i], g[i], factor, h), h)
    if (accumulates) a[i] = loops.squared(a[i], g[i])
    i = loops.update(w, a, g, i + 1, n, factor, accumulates, h)
  }
}

/** a ← a + (factor · g)², stopped at the largest finite number. Everything has been checked. */
export function squareBlock(block: Block, factor: number, h: Hyperparameters): void {
  const { accumulator: a, gradient: g, length: n, inKernel } = block
  let i = 0
  if (inKernel !== undefined) {
    const { kernel, accumulator, gradient } = inKernel
    i = n & -groupOf(h)
    const pass = h.precision === float32 ? kernel.loops.square32 : kernel.loops.square64
    pass(accumulator, gradient, 0, i, factor)
  }
  loopsOf(h.precision).square(a, g, i, n, factor)
}

/** The same on whole arrays, by the portable loops. */
export function squareAll(a: FloatArray, g: FloatArray, factor: number, precision: Precision): void {
  loopsOf(precision).square(a, g, 0, a.length, factor)
}

/** How many coordinates the SIMD kernel settles at once. */
function groupOf({ precision }: Hyperparameters): number {
  return GROUP_BYTES / precision.bytes
}

function loopsOf(precision: Precision): Loops<FloatArray> {
  return precision === float32 ? float32Loops : float64Loops
}
