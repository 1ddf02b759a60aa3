import { type FloatArray, requireFloatArray } from '../step/index.ts'
import { averageInto } from './loops.ts'

/** Whether averages overwrite their variables after so many steps; a frequency of null means never. */
export function isTimeToOverwrite(steps: number, frequency: number | null): boolean {
  return frequency !== null && steps % frequency === 0
}

/** average ← momentum · average + (1 − momentum) · value, each operation in the arrays' own precision. */
export function updateAverage(average: FloatArray, value: FloatArray, momentum: number): void {
  const { round, largest } = requireFloatArray(average, 'average')
  if (averageInto(average, value, round(momentum), round(1 - momentum))) return
  // Rounded up, the shares of two largest numbers add up to more than one.
  for (let i = 0; i < average.length; i++) average[i] = Math.min(Math.max(average[i], -largest), largest)
}
