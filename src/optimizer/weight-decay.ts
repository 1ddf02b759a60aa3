import { precisionOf } from '../step/old/index.ts'
import type { Variable } from './variable.ts'

/**
 * w ← w − w · weightDecay · learningRate on every value, each operation in the variable's precision. The caller can put
 * the old values back: throws RangeError, part of the way through, for a value that is or becomes not finite.
 */
export function decay(variable: Variable, weightDecay: number, learningRate: number): void {
  const { value, name } = variable
  const round = precisionOf(value)?.round ?? ((x: number) => x)
  const share = round(weightDecay)
  const rate = round(learningRate)
  for (let i = 0; i < value.length; i++) {
    const before = value[i]
    const after = round(before - round(round(before * share) * rate))
    if (!Number.isFinite(after)) {
      throw new RangeError(
        `variable '${name}': variable[${i}] is ${before} and ${after} after weight decay; expected finite numbers`,
      )
    }
    value[i] = after
  }
}
