import { loadAdult } from '../../adult/load.ts'
import { encodeProblem } from '../training/problem.ts'
import { trainOnThreads } from '../training/train-on-threads.ts'

const EPOCHS = 3

export interface TrainingTimes {
  readonly threads: number
  /** Seconds per epoch, without the first of each run, in which the threads' code is compiled. */
  readonly seconds: number[]
  /** After three epochs: that of every run. */
  areaUnderCurve: number
}

/** Trains the demo's model on one thread and on two, in turns. */
export async function measureTraining(rounds: number): Promise<readonly TrainingTimes[]> {
  const problem = encodeProblem(loadAdult())
  const measured: TrainingTimes[] = [1, 2].map((threads) => ({ threads, seconds: [], areaUnderCurve: Number.NaN }))
  for (let round = 0; round < rounds; round++) {
    for (const times of measured) {
      const { seconds, areaUnderCurve } = await trainOnThreads(problem, times.threads, EPOCHS)
      times.seconds.push(...seconds.slice(1))
      times.areaUnderCurve = areaUnderCurve
    }
  }
  return measured
}
