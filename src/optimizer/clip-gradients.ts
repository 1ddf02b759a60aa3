import { type FloatArray, type Gradient, isSparse, nextToward, requireFloatArray } from '../step/index.ts'
import { zerosLike } from './arrays.ts'
import { requireFiniteGradient } from './gradients.ts'
import { clampInto, largestMagnitude, multiplyInto, sumOfScaledSquares, sumOfSquares } from './loops.ts'
import type { Room } from './room.ts'
import type { Share } from './share.ts'
import { valuesOf } from './sparse.ts'

/** How gradients are clipped before a step: one of these at most is set. */
interface ClipSettings {
  readonly clipnorm: number | null
  readonly globalClipnorm: number | null
  readonly clipvalue: number | null
}

/**
 * Clips the gradients, into arrays that `room` lends. Of a sparse one the rows count as given: the norm is taken before
 * repeated ones are summed, as in the reference. Throws RangeError where a value is not finite: a clipped infinity would look
 * finite.
 */
export function clip(shares: readonly Share[], settings: ClipSettings, room: Room): void {
  const { clipnorm, globalClipnorm, clipvalue } = settings
  const limit = clipnorm ?? globalClipnorm ?? clipvalue
  if (limit === null) return
  const common = globalClipnorm === null ? undefined : normScale(shares, limit)
  for (const share of shares) {
    const { gradient } = share
    const values = valuesOf(gradient)
    if (clipvalue !== null) {
      const result = roomFor(share, room)
      if (!clampInto(result, values, largestUpTo(limit, values))) requireFinite(shares)
      share.gradient = withValues(gradient, result)
    } else {
      const scale = globalClipnorm === null ? normScale([share], limit) : common
      if (scale === undefined) continue
      if (Number.isNaN(scale.first)) requireFinite(shares)
      const result = roomFor(share, room)
      multiplyInto(result, values, scale.first, scale.second)
      share.gradient = withValues(gradient, result)
    }
  }
}

function requireFinite(shares: readonly Share[]): void {
  for (const { gradient, trained, place } of shares) requireFiniteGradient(gradient, trained.variable, place)
}

function roomFor({ gradient, trained }: Share, room: Room): FloatArray {
  return isSparse(gradient) ? zerosLike(gradient.values) : room.lend(trained)
}

function withValues(gradient: Gradient, values: FloatArray): Gradient {
  return isSparse(gradient) ? { indices: gradient.indices, values } : values
}

/** The largest number of the array's precision that is not above the limit. */
function largestUpTo(limit: number, values: FloatArray): number {
  const precision = requireFloatArray(values, 'gradient')
  const rounded = Math.min(precision.round(limit), precision.largest)
  return rounded > limit ? nextToward(rounded, 0, precision) : rounded
}

/** A factor in two parts, to be multiplied one after the other: their product may be smaller than any normal double. */
interface Scale {
  readonly first: number
  readonly second: number
}

/** What brings the norm of all values together down to the limit; undefined where it is within, NaN where a value is not finite. */
function normScale(shares: readonly Share[], limit: number): Scale | undefined {
  const arrays = shares.map(({ gradient }) => valuesOf(gradient))
  const total = (partOf: (values: FloatArray) => number) => arrays.reduce((sum, values) => sum + partOf(values), 0)
  const plain = total(sumOfSquares)
  // What has underflowed in such a sum is less than its rounding.
  const isSafe = plain >= 2 ** -900 && plain <= Number.MAX_VALUE
  const largest = isSafe ? 1 : Math.max(0, ...arrays.map(largestMagnitude))
  if (largest === 0) return undefined
  if (!(largest <= Number.MAX_VALUE)) return { first: NaN, second: 1 }
  const root = Math.sqrt(isSafe ? plain : total((values) => sumOfScaledSquares(values, largest)))
  const scale = limit / largest / root
  if (scale >= 1) return undefined
  // Below the normal numbers it has lost digits, or is 0.
  return scale >= 2 ** -1022 ? { first: scale, second: 1 } : { first: 1 / largest, second: limit / root }
}
