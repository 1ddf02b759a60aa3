import { add, compare, dyadic, magnitude, multiply, quotient, squareRoot } from '../../src/testing/dyadic.ts'
import type { Options } from './case.ts'
import { nearest } from './nearest.ts'
import { type Limits, limitsOf, moveByUlps, type Precision } from './precision.ts'

/**
 * Where a coordinate should end: at w − factor · lr · g / √q, or at its bound, or at the largest number of its type. The
 * bound says only how far a coordinate may go; without this, a step that does nothing would keep every promise.
 */
interface Move {
  readonly before: number
  readonly accumulator: number
  readonly gradient: number
  readonly factor: number
  readonly options: Options
}

/** What rounding may do to a move, relative: a few operations of the type, and the lowered thresholds. */
const TOLERANCE = { float32: 2 ** -20, float64: 2 ** -48 }

/**
 * Whether the coordinate ended there, but for rounding. True also where the type itself stands in the way: lr · factor and
 * its product with g are rounded to the type, and have lost their digits where they are subnormal.
 */
export function moveIsRight(after: number, precision: Precision, move: Move): boolean {
  const limits = limitsOf(precision)
  const { before, gradient } = move
  if (losesDigits(limits, move)) return true
  const distance = exactDistance(limits, move)
  const target = before - Math.sign(gradient) * distance
  const expected = Math.max(-limits.largest, Math.min(limits.largest, target))
  const reach = Math.max(Math.abs(before), Math.abs(after), Math.abs(expected))
  // Two roundings of the new value, and one step toward w where it went past the bound.
  const ulps = 3 * Math.max(limits.smallest, reach - moveByUlps(precision, limits.round(reach), -1))
  return Math.abs(after - expected) <= Math.min(distance, 2 * reach) * TOLERANCE[precision] + ulps
}

function losesDigits({ smallestNormal }: Limits, { gradient, factor, options }: Move): boolean {
  if (options.learningRate === 0 || factor === 0 || gradient === 0) return false
  const rate = options.learningRate * factor
  return rate < smallestNormal || rate * Math.abs(gradient) < smallestNormal
}

/** min(factor · |Δ|, bound); Infinity beyond the doubles. The root and the quotients carry 256 bits. */
function exactDistance({ smallestNormal }: Limits, { before, accumulator, gradient, factor, options }: Move): number {
  const floor = dyadic(smallestNormal)
  const sum = add(dyadic(accumulator), dyadic(options.epsilon))
  const root = squareRoot(compare(sum, floor) < 0 ? floor : sum)
  const rate = multiply(dyadic(options.learningRate), dyadic(factor))
  const wanted = quotient(multiply(rate, magnitude(dyadic(gradient))), root)
  if (options.absoluteThreshold === Number.POSITIVE_INFINITY) return nearest(wanted)
  const flat = add(
    multiply(magnitude(dyadic(before)), dyadic(options.variableRelativeThreshold)),
    dyadic(options.absoluteThreshold),
  )
  const bound = add(flat, quotient(dyadic(options.accumulatorRelativeThreshold), root))
  return nearest(compare(wanted, bound) < 0 ? wanted : bound)
}
