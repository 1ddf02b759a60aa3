import { type Curve, goalOf, LEARNERS } from './curves.ts'
import { type ModelKind, tasksOf } from './models.ts'
import type { Run } from './run-log.ts'

/** A task has failed in a run whose area is further than this below the best mean of any optimizer for that task. */
export const FAILED_BELOW = 0.05

/** What each task has to reach, by its name, in each of the models with towers. */
export type Goals = ReadonlyMap<string, number>

/** Which of the two architectures a model is a variant of. */
export function familyOf(model: ModelKind): ModelKind {
  return model.startsWith('shared') ? 'shared' : 'experts'
}

export function goalsOf(curves: readonly Curve[]): Goals {
  return new Map(
    LEARNERS.flatMap((learner) => {
      const curve = curves.find((other) => other.learner === learner)
      return curve === undefined ? [] : [[learner.name, goalOf(curve, curves) - FAILED_BELOW] as const]
    }),
  )
}

/** Which tasks of a run have failed, in the order of its model's logits. */
export function failuresOf(run: Run, goals: Goals): boolean[] {
  return tasksOf(run.model).map((task, place) => {
    const goal = goals.get(`${familyOf(run.model)}, ${task}`)
    if (goal === undefined) throw new Error(`no goal for ${task} of ${run.model}`)
    return run.areas[place] < goal
  })
}

/** How two tasks of one model have ended. */
export interface Together {
  readonly neither: number
  /** The first task alone. */
  readonly first: number
  readonly second: number
  readonly both: number
}

export function countTogether(runs: readonly Run[], goals: Goals): Together {
  const ends = runs.map((run) => failuresOf(run, goals))
  const count = (one: boolean, other: boolean): number =>
    ends.filter((end) => end[0] === one && end[1] === other).length
  return {
    neither: count(false, false),
    first: count(true, false),
    second: count(false, true),
    both: count(true, true),
  }
}

/** The mean share of dead units in the ReLU layers of a tower or of what the towers share. */
export function deadShare(run: Run, part: 'shared' | number): number {
  const prefix = part === 'shared' ? /^(shared|expert) / : new RegExp(`^task ${towerOf(run.model, part)},`)
  const shares = Object.entries(run.dead).filter(([layer]) => prefix.test(layer))
  return shares.reduce((sum, [, share]) => sum + share, 0) / shares.length
}

/** The number in the tower's name: that of a model with the second tower alone is still 2. */
function towerOf(model: ModelKind, place: number): number {
  return model.endsWith('never married alone') ? 2 : place + 1
}
