import { allocate, type FloatArray } from 'clippy-adagrad'
import { seededRandom, shuffledIndices } from '../../adult/random.ts'
import { Team } from '../team/team.ts'
import { lengthOf, placesIn } from './parameters.ts'
import { BATCH_SIZE, makeModel, type Problem, testAuc } from './problem.ts'
import type { Epoch, TrainingData } from './thread.ts'

const PROGRAM = new URL('thread.ts', import.meta.url)

export interface Training {
  /** Of each epoch. */
  readonly losses: readonly number[]
  readonly seconds: readonly number[]
  /** Of the test rows, at the end. */
  readonly areaUnderCurve: number
  /** At the end: where the threads have put them, to be saved or looked at. */
  readonly weights: readonly FloatArray[]
  readonly accumulators: readonly FloatArray[]
}

/** Trains the demo's model on so many threads, from the same weights and in the same order of rows whatever their number. */
export async function trainOnThreads(problem: Problem, threads: number, epochs: number): Promise<Training> {
  const random = seededRandom(1)
  const model = makeModel(problem.categoryCounts, random)
  const length = lengthOf(model.variables)
  const all = allocate(length, { shared: true })
  const weights = placesIn(all.variable, model.variables)
  model.variables.forEach((variable, k) => {
    weights[k].set(variable)
  })
  const gradients = Array.from({ length: threads }, () => new Float32Array(new SharedArrayBuffer(4 * length)))
  const team = await Team.start<TrainingData, Epoch, number>(PROGRAM, threads, {
    problem,
    parameters: all.handle,
    gradients,
  })
  const [losses, seconds]: [number[], number[]] = [[], []]
  try {
    for (let epoch = 0; epoch < epochs; epoch++) {
      const order = shuffledIndices(problem.training.length, random)
      const start = performance.now()
      const parts = await team.tell(order)
      seconds.push((performance.now() - start) / 1000)
      losses.push(parts.reduce((sum, part) => sum + part) / Math.ceil(order.length / BATCH_SIZE))
    }
  } finally {
    await team.end()
  }
  model.variables.forEach((variable, k) => {
    variable.set(weights[k])
  })
  const accumulators = placesIn(all.accumulator, model.variables)
  return { losses, seconds, areaUnderCurve: testAuc(model, problem), weights, accumulators }
}
