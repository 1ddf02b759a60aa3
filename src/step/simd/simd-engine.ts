import type { Accumulation, Engine } from '../engine.ts'
import type { StepPlan } from '../plan.ts'
import { scalarEngine } from '../scalar-engine.ts'
import { allocationOf, type InPlace } from './allocate.ts'
import { type Block, smallestFactorOf, updateBlock } from './block.ts'
import { copy, copyIn, copyOut } from './copy.ts'
import { type Stage, stageFor } from './stage.ts'

/** What does not fit on the stage at once passes in blocks of so many bytes, which stay in the fast caches. */
const BLOCK_BYTES = 2 ** 16

/** The serial number of the plan that has lain on the stage, whole, since its first pass. */
let staged = 0

/** The SIMD kernel: in place on arrays from `allocate`, by way of the stage on others. */
export const simdEngine: Engine = {
  smallestFactor(plan, standard) {
    const allocation = inPlace(plan)
    if (allocation !== undefined) return smallestFactorInPlace(plan, allocation, standard)
    const stage = stageFor(plan.variable)
    return stage === undefined
      ? scalarEngine.smallestFactor(plan, standard)
      : smallestFactorStaged(plan, stage, standard)
  },

  update(plan, factor, accumulation, fresh) {
    const allocation = inPlace(plan)
    if (allocation !== undefined) return updateInPlace(plan, allocation, factor, accumulation)
    const stage = stageFor(plan.variable)
    if (stage === undefined) return scalarEngine.update(plan, factor, accumulation, fresh)
    updateStaged(plan, stage, factor, accumulation, fresh)
  },
}

/** Where a dense step can work on the caller's arrays themselves. */
function inPlace({ variable, accumulator, gradient }: StepPlan): InPlace | undefined {
  return gradient.rows === undefined ? allocationOf(variable, accumulator) : undefined
}

function smallestFactorInPlace(plan: StepPlan, allocation: InPlace, standard: boolean): number {
  const count = inPlaceLength(plan, allocation)
  let factor = 1
  for (let from = 0; from < plan.variable.length && !Number.isNaN(factor); from += count) {
    factor = smallestFactorOf(inPlaceBlock(plan, allocation, from, count), factor, standard, plan.h)
  }
  return factor
}

function updateInPlace(plan: StepPlan, allocation: InPlace, factor: number, accumulation: Accumulation): void {
  const count = inPlaceLength(plan, allocation)
  for (let from = 0; from < plan.variable.length; from += count) {
    updateBlock(inPlaceBlock(plan, allocation, from, count), factor, accumulation, plan.h)
  }
}

/** All at once where the gradient lies beside the variable; else as much of it as the scratch array takes. */
function inPlaceLength({ variable, gradient }: StepPlan, { scratch }: InPlace): number {
  return gradient.values.buffer === variable.buffer ? variable.length : scratch.length
}

function inPlaceBlock(
  { variable, accumulator, gradient }: StepPlan,
  allocation: InPlace,
  from: number,
  count: number,
): Block {
  const { functions } = allocation.memory
  const length = Math.min(count, variable.length - from)
  if (gradient.values.buffer === variable.buffer) {
    return { functions, variable, accumulator, gradient: gradient.values, start: 0, gradientStart: 0, length }
  }
  copy(gradient.values, from, allocation.scratch, 0, length)
  return { functions, variable, accumulator, gradient: allocation.scratch, start: from, gradientStart: 0, length }
}

function smallestFactorStaged(plan: StepPlan, stage: Stage, standard: boolean): number {
  const total = plan.gradient.values.length
  const count = stagedLength(total, stage)
  staged = 0
  let factor = 1
  for (let from = 0; from < total && !Number.isNaN(factor); from += count) {
    const length = Math.min(count, total - from)
    copyIn(plan, stage, from, length)
    factor = smallestFactorOf(stagedBlock(stage, length), factor, standard, plan.h)
  }
  if (count === total) staged = plan.serial
  return factor
}

function updateStaged(plan: StepPlan, stage: Stage, factor: number, accumulation: Accumulation, fresh: boolean): void {
  const total = plan.gradient.values.length
  const count = stagedLength(total, stage)
  const isThere = fresh && staged === plan.serial
  staged = 0
  for (let from = 0; from < total; from += count) {
    const length = Math.min(count, total - from)
    if (!isThere) copyIn(plan, stage, from, length)
    updateBlock(stagedBlock(stage, length), factor, accumulation, plan.h)
    copyOut(plan, stage, from, length, accumulation !== 'none')
  }
}

/** How many coordinates pass at once: all, where they fit. */
function stagedLength(total: number, { variable }: Stage): number {
  return total <= variable.length ? total : BLOCK_BYTES / variable.BYTES_PER_ELEMENT
}

function stagedBlock({ memory, variable, accumulator, gradient }: Stage, length: number): Block {
  return { functions: memory.functions, variable, accumulator, gradient, start: 0, gradientStart: 0, length }
}
