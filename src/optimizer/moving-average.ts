import { type FloatArray, requireFloatArray } from '../step/index.ts'

/** Whether averages overwrite their variables after so many steps; a frequency of null means never. */
export function isTimeToOverwrite(steps: number, frequency: number | null): boolean {
  return frequency !== null && steps % frequency === 0
}

/** average ← momentum · average + (1 − momentum) · value, each operation in the arrays' own precision. */
export function updateAverage(average: FloatArray, value: FloatArray, momentum: number): void {
  const { round, largest } = requireFloatArray(average, 'average')
  const keep = round(momentum)
  const take = round(1 - momentum)
  for (let i = 0; i < average.length; i++) {
    // Rounded up, the shares of two largest numbers add up to more than one. + 0: an average is never −0.
    const sum = round(round(keep * average[i]) + round(take * value[i])) + 0
    average[i] = sum > largest ? largest : sum < -largest ? -largest : sum
  }
}
