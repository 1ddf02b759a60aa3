import type { Run } from './run-log.ts'
import { METHODS } from './methods.ts'
import { MODEL_KINDS, type ModelKind } from './models.ts'

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

/** Area under the curve over learning rate, of one method on one model. */
export interface Curve {
  readonly model: ModelKind
  readonly method: string
  /** By rising learning rate. */
  readonly points: readonly Point[]
}

export function curvesOf(runs: readonly Run[]): Curve[] {
  const rates = [...new Set(runs.map(({ learningRate }) => learningRate))].sort((a, b) => a - b)
  return MODEL_KINDS.flatMap((model) =>
    METHODS.map(({ name: method }) => {
      const own = runs.filter((run) => run.model === model && run.method === method)
      return { model, method, points: rates.map((rate) => pointOf(own, rate)) }
    }),
  )
}

function pointOf(runs: readonly Run[], learningRate: number): Point {
  const seeds = runs.filter((run) => run.learningRate === learningRate)
  const areas = seeds.map(({ areaUnderCurve }) => areaUnderCurve)
  const mean = areas.reduce((sum, area) => sum + area, 0) / areas.length
  const squares = areas.reduce((sum, area) => sum + (area - mean) ** 2, 0)
  return {
    learningRate,
    mean,
    deviation: areas.length > 1 ? Math.sqrt(squares / (areas.length - 1)) : 0,
    seeds: seeds.length,
    stopped: seeds.filter(({ breakdown }) => breakdown !== undefined).length,
  }
}

/** The point of the highest mean; of equals, that of the lowest learning rate. */
export function bestOf({ points }: Curve): Point {
  return points.reduce((best, point) => (point.mean > best.mean ? point : best))
}

/**
 * Up to which learning rate, from its best on and without a gap, every seed finishes with a mean close to the best of
 * `curves` on the same model; undefined if not even at its best. Close to its own best would not do: an optimizer that
 * hardly moves is that at any rate.
 */
export function largestTrainingRate(curve: Curve, curves: readonly Curve[]): number | undefined {
  const rivals = curves.filter(({ model }) => model === curve.model)
  const goal = Math.max(...rivals.map((rival) => bestOf(rival).mean)) - STILL_TRAINS_WITHIN
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
