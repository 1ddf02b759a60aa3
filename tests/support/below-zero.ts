import { limitsOf, type Precision } from './precision.ts'

/** An accumulator at this share of the way from 0 down to −ε; `otherwise` where its type cannot put it above −ε. */
export function belowZero(precision: Precision, epsilon: number, share: number, otherwise: number): number {
  const { round, largest } = limitsOf(precision)
  const accumulator = -Math.min(largest, round(epsilon * share))
  // The sign of a sum of two doubles is always right.
  return accumulator + epsilon > 0 ? accumulator : otherwise
}
