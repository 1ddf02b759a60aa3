import type { FloatArray } from '../step/index.ts'
import { averageInto } from './loops.ts'

/** Whether averages overwrite their variables after so many steps; a frequency of null means never. */
export function isTimeToOverwrite(steps: number, frequency: number | null): boolean {
  return frequency !== null && steps % frequency === 0
}

/** average ← momentum · average + (1 − momentum) · value, each operation in the arrays' own precision. */
export function updateAverage(average: FloatArray, value: FloatArray, momentum: number): void {
  averageInto(average, value, momentum, 1 - momentum)
}
