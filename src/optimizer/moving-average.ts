import type { FloatArray } from '../step/index.ts'
import { copyInto } from './arrays.ts'
import { averageInto } from './loops.ts'

interface AverageSettings {
  readonly emaMomentum: number
  /** Null for never. */
  readonly emaOverwriteFrequency: number | null
}

/**
 * average ← momentum · average + (1 − momentum) · value, each operation in the arrays' own precision. Where so many steps
 * are a multiple of `emaOverwriteFrequency`, the average then overwrites the value.
 */
export function updateAverage(average: FloatArray, value: FloatArray, steps: number, settings: AverageSettings): void {
  const { emaMomentum, emaOverwriteFrequency } = settings
  averageInto(average, value, emaMomentum, 1 - emaMomentum)
  if (emaOverwriteFrequency !== null && steps % emaOverwriteFrequency === 0) copyInto(value, average)
}
