// Run with: npm run train -- [epochs]
//
// The demo's model, trained on one thread and then on two.

import { encode, fitEncoder } from '../adult/data.ts'
import { loadAdult } from '../adult/load.ts'
import { trainOnThreads } from './training/train-on-threads.ts'

const epochs = Number(process.argv[2] ?? 3)
const rows = loadAdult()
const encoder = fitEncoder(rows.training)
const problem = {
  training: encode(rows.training, encoder),
  test: encode(rows.test, encoder),
  categoryCounts: encoder.categoryCounts,
}
for (const threads of [1, 2]) {
  const { losses, seconds, areaUnderCurve } = await trainOnThreads(problem, threads, epochs)
  const list = (numbers: readonly number[], digits: number) => numbers.map((x) => x.toFixed(digits)).join(' ')
  console.log(
    `${threads} thread${threads === 1 ? '' : 's'}: seconds per epoch ${list(seconds, 2)}, loss ${list(losses, 4)}, test AUC ${areaUnderCurve.toFixed(4)}`,
  )
}
