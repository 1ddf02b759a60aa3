import { METHODS } from './methods.ts'
import { columnsOf, MAIN_MODELS, type ModelKind } from './models.ts'
import type { Run } from './run-log.ts'

/** How far below the best mean of any optimizer on the same model a mean may be and still count as training. */
export const STILL_TRAINS_WITHIN = 0.01

/** What the seeds of one model, method and learning rate have come to. */
export interface Point {
  readonly learningRate: number
  /** Of the areas under the curve. */
  readonly mean: number
  /** Their standard deviation (n − 1); 0 for a single seed. */
  readonly deviation: number
  readonly seeds: number
  /** How many of them broke down. */
  readonly stopped: number
}

/** A task as one model learns it. */
export interface Learner {
  readonly model: ModelKind
  /** Its place among the model's tasks. */
  readonly task: number
  readonly name: string
}

/** Area under the curve over learning rate, of one method and one learner. */
export interface Curve {
  readonly learner: Learner
  readonly method: string
  /** By rising learning rate. */
  readonly points: readonly Point[]
}

/** The tasks of the main models; where a model has one task only, the model's name says it all. */
export const LEARNERS: readonly Learner[] = MAIN_MODELS.flatMap((model) => {
  const { tasks } = columnsOf(model)
  return tasks.map(({ name }, task) => ({ model, task, name: tasks.length === 1 ? model : `${model}, ${name}` }))
})

/** The curves of LEARNERS at the learning rates given. */
export function curvesOf(runs: readonly Run[], learningRates: readonly number[]): Curve[] {
  return LEARNERS.flatMap((learner) =>
    METHODS.map(({ name: method }) => {
      const own = runs.filter((run) => run.model === learner.model && run.method === method)
      return { learner, method, points: learningRates.map((rate) => pointOf(own, learner.task, rate)) }
    }),
  )
}

function pointOf(runs: readonly Run[], task: number, learningRate: number): Point {
  const seeds = runs.filter((run) => run.learningRate === learningRate)
  const areas = seeds.map((run) => run.areas[task])
  const mean = meanOf(areas)
  const squares = areas.reduce((sum, area) => sum + (area - mean) ** 2, 0)
  return {
    learningRate,
    mean,
    deviation: areas.length > 1 ? Math.sqrt(squares / (areas.length - 1)) : 0,
    seeds: seeds.length,
    stopped: seeds.filter(({ breakdown }) => breakdown !== undefined).length,
  }
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** The point of the highest mean; of equals, that of the lowest learning rate. */
export function bestOf({ points }: Curve): Point {
  return points.reduce((best, point) => (point.mean > best.mean ? point : best))
}

/** The highest mean of any optimizer for the same learner. */
export function goalOf({ learner }: Curve, curves: readonly Curve[]): number {
  return Math.max(...curves.filter((other) => other.learner === learner).map((rival) => bestOf(rival).mean))
}

/**
 * Up to which learning rate, from its best on and without a gap, every seed finishes with a mean close to the best of
 * `curves` for the same learner; undefined if not even at its best. Close to its own best would not do: an optimizer that
 * hardly moves is that at any rate.
 */
export function largestTrainingRate(curve: Curve, curves: readonly Curve[]): number | undefined {
  const goal = goalOf(curve, curves) - STILL_TRAINS_WITHIN
  const fromBest = curve.points.slice(curve.points.indexOf(bestOf(curve)))
  const firstFailure = fromBest.findIndex(({ mean, stopped }) => stopped > 0 || mean < goal)
  return firstFailure < 0 ? fromBest.at(-1)?.learningRate : fromBest[firstFailure - 1]?.learningRate
}

/** What the mean loses from the best learning rate to ten times that; undefined where that was not tried. */
export function lostAtTenfold(curve: Curve): number | undefined {
  const best = bestOf(curve)
  const tenfold = curve.points.find(({ learningRate }) => Math.abs(learningRate / best.learningRate - 10) < 1e-9)
  return tenfold && best.mean - tenfold.mean
}
