import { type FloatArray, precisionOf } from '../step/old/index.ts'

/** average ← momentum · average + (1 − momentum) · value, each operation in the arrays' own precision. */
export function updateAverage(average: FloatArray, value: FloatArray, momentum: number): void {
  const round = precisionOf(average)?.round ?? ((x: number) => x)
  const keep = round(momentum)
  const take = round(1 - momentum)
  for (let i = 0; i < average.length; i++) {
    // + 0 makes an average of −0 into 0: JSON has no −0, and a resumed run has the same bits as an unbroken one.
    average[i] = round(round(keep * average[i]) + round(take * value[i])) + 0
  }
}
