import type { Accumulation, Engine } from '../engine.ts'
import type { StepPlan } from '../plan.ts'
import { scalarEngine } from '../scalar-engine.ts'
import type { InPlace } from './allocate.ts'
import { copy, copyIn, copyOut } from './copy.ts'
import { smallestFactorOf, updateRun } from './passes.ts'
import { type Stage, stageFor } from './stage.ts'

/** Rows, and what does not fit on the stage at once, pass in blocks of so many bytes, which stay in the fast caches. */
const BLOCK_BYTES = 2 ** 16

/** The serial number of the plan that has lain on the stage, whole, since its first pass. */
let staged = 0

/** The SIMD kernel: in place on arrays from `allocate`, by way of the stage on others. */
export const simdEngine: Engine = {
  smallestFactor(plan, standard) {
    const allocation = plan.rows === undefined ? plan.allocation : undefined
    if (allocation !== undefined) return smallestFactorInPlace(plan, allocation, standard)
    const stage = stageFor(plan)
    return stage === undefined
      ? scalarEngine.smallestFactor(plan, standard)
      : smallestFactorStaged(plan, stage, standard)
  },

  update(plan, factor, accumulation, fresh) {
    const allocation = plan.rows === undefined ? plan.allocation : undefined
    if (allocation !== undefined) return updateInPlace(plan, allocation, factor, accumulation)
    const stage = stageFor(plan)
    if (stage === undefined) return scalarEngine.update(plan, factor, accumulation, fresh)
    updateStaged(plan, stage, factor, accumulation, fresh)
  },
}

function smallestFactorInPlace(plan: StepPlan, { memory, scratch }: InPlace, standard: boolean): number {
  const { variable, accumulator, values, h } = plan
  const total = variable.length
  if (isBesideVariable(plan))
    return smallestFactorOf(memory, variable, accumulator, values, 0, 0, total, 1, standard, h)
  let factor = 1
  for (let from = 0; from < total && !Number.isNaN(factor); from += scratch.length) {
    const length = Math.min(scratch.length, total - from)
    copy(values, from, scratch, 0, length)
    factor = smallestFactorOf(memory, variable, accumulator, scratch, from, 0, length, factor, standard, h)
  }
  return factor
}

function updateInPlace(plan: StepPlan, { memory, scratch }: InPlace, factor: number, accumulation: Accumulation): void {
  const { variable, accumulator, values, h } = plan
  const total = variable.length
  if (isBesideVariable(plan)) {
    updateRun(memory, variable, accumulator, values, 0, 0, total, factor, accumulation, h)
    return
  }
  for (let from = 0; from < total; from += scratch.length) {
    const length = Math.min(scratch.length, total - from)
    copy(values, from, scratch, 0, length)
    updateRun(memory, variable, accumulator, scratch, from, 0, length, factor, accumulation, h)
  }
}

/** Whether the gradient lies in the variable's own memory; if not, it is brought there piece by piece. */
function isBesideVariable({ variableBuffer, gradientBuffer }: StepPlan): boolean {
  return variableBuffer === gradientBuffer
}

function smallestFactorStaged(plan: StepPlan, stage: Stage, standard: boolean): number {
  const { memory, variable, accumulator, gradient } = stage
  const total = plan.values.length
  const fits = total <= variable.length
  const block = blockLength(plan, fits)
  staged = 0
  let factor = 1
  for (let from = 0; from < total && !Number.isNaN(factor); from += block) {
    const length = Math.min(block, total - from)
    const at = fits ? from : 0
    copyIn(plan, stage, from, at, length)
    factor = smallestFactorOf(memory, variable, accumulator, gradient, at, at, length, factor, standard, plan.h)
  }
  if (fits) staged = plan.serial
  return factor
}

function updateStaged(plan: StepPlan, stage: Stage, factor: number, accumulation: Accumulation, fresh: boolean): void {
  const { memory, variable, accumulator, gradient } = stage
  const total = plan.values.length
  const fits = total <= variable.length
  const block = blockLength(plan, fits)
  const isThere = fresh && staged === plan.serial
  staged = 0
  for (let from = 0; from < total; from += block) {
    const length = Math.min(block, total - from)
    const at = fits ? from : 0
    if (!isThere) copyIn(plan, stage, from, at, length)
    updateRun(memory, variable, accumulator, gradient, at, at, length, factor, accumulation, plan.h)
    copyOut(plan, stage, from, at, length, accumulation !== 'none')
  }
}

/** How many coordinates pass at once. */
function blockLength({ values, rows }: StepPlan, fits: boolean): number {
  return fits && rows === undefined ? values.length : BLOCK_BYTES / values.BYTES_PER_ELEMENT
}
