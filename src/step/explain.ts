import { coordinateBound, isMiddling, scaledMoveAndBound } from './coordinate.ts'
import type { Hyperparameters } from './hyperparameters.ts'
import { coordinateOf, type Operands } from './operands.ts'
import { isGreater, quotient, type Scaled, scaled, toNumber } from './scaled.ts'

/** The coordinate that comes closest to its bound, or passes it furthest. */
export interface LimitingCoordinate {
  /** Index into the variable's flat value. */
  readonly index: number
  /** What it holds now: after weight decay, if there is any. */
  readonly value: number
  /** What an unclipped step would add to it: −lr · g / √(a + ε); at most the largest double. */
  readonly proposedChange: number
  /** The furthest that a step may move it. */
  readonly bound: number
}

/** What holds a step back. */
export interface OperandsExplained {
  /** Undefined where no coordinate has a gradient, or clipping is off. */
  readonly limiting: LimitingCoordinate | undefined
  /** The share, in [0, 1], of the coordinates that the gradient touches whose proposed change is over their bound. */
  readonly shareOverBound: number
}

/** More than the rounding of the few operations by which a coordinate is told to be of no interest. */
const MARGIN = 1 + 2 ** -40

/** From here on nothing that matters has underflowed. */
const SAFE = 2 ** -900

/** Finds the coordinate with the least bound / |Δ|, which a double need not hold. Reads only; everything has been checked. */
export function explainOperands(operands: Operands, h: Hyperparameters): OperandsExplained {
  const { variable, accumulator, gradient, rows } = operands
  const { learningRate, epsilon, useStandardAccumulatorUpdate, normal } = h
  const { round, largest, smallestNormal } = h.precision
  const { relative, accumulatorRelative, absolute } = h.forBound
  let limiting: LimitingCoordinate | undefined
  let least: Scaled | number = Infinity
  let over = 0
  // A coordinate with bound / |Δ| above this is not the one that is looked for.
  let most = Infinity
  const length = learningRate === 0 || !h.clips ? 0 : gradient.length
  for (let j = 0; j < length; j++) {
    const g = gradient[j]
    if (g === 0) continue
    const index = rows === undefined ? j : coordinateOf(j, operands)
    const w = variable[index]
    const given = accumulator[index]
    const a = useStandardAccumulatorUpdate ? Math.min(round(given + round(g * g)), largest) : given
    const q = a + epsilon
    const change = learningRate * Math.abs(g)
    const flat = Math.abs(w) * relative + absolute
    // Both sides squared, which takes neither a root nor a division. Few coordinates come past here.
    const right = flat * q * flat
    if ((change * most) ** 2 < right && right >= SAFE && right <= Number.MAX_VALUE && change >= SAFE) {
      if ((change * MARGIN) ** 2 < right) continue
      if (accumulatorRelative === 0 && q >= smallestNormal && change * change > right * MARGIN) {
        over++
        continue
      }
    }
    const bound = coordinateBound(w, a, h)
    const move = change / Math.sqrt(Math.max(q, smallestNormal))
    const isPlain = normal && isMiddling(bound) && isMiddling(move) && isMiddling(q)
    if (isPlain && typeof least === 'number') {
      if (move > bound) over++
      const room = bound / move
      if (room >= least) continue
      least = room
      limiting = { index, value: w, proposedChange: g > 0 ? -move : move, bound }
    } else {
      const exact = scaledMoveAndBound(w, a, g, h)
      if (isGreater(exact.move, exact.bound)) over++
      const room = quotient(exact.bound, exact.move)
      if (limiting !== undefined && !isGreater(typeof least === 'number' ? scaled(least) : least, room)) continue
      least = room
      const proposed = Math.min(toNumber(exact.move), Number.MAX_VALUE)
      limiting = { index, value: w, proposedChange: g > 0 ? -proposed : proposed, bound }
    }
    most = MARGIN * Math.max(typeof least === 'number' ? least : toNumber(least), SAFE)
  }
  return { limiting, shareOverBound: gradient.length === 0 ? 0 : over / gradient.length }
}
