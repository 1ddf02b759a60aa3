import type { FloatArray } from '../../types.ts'
import type { StepPlan } from '../plan.ts'
import { type KernelMemory, makeKernelMemory } from './kernel-memory.ts'

/** The room of one array on the stage, in bytes: 65,536 float32 or 32,768 float64 coordinates. */
const ROOM = 2 ** 18

/**
 * The room of one array on the large stage, which is made when first needed, for rows: gathering them a second time would
 * take longer than all the rest.
 */
const LARGE_ROOM = 2 ** 22

/** Kernel memory with room for three arrays, through which ordinary arrays pass on their way to the SIMD kernel. */
export interface Stage {
  readonly memory: KernelMemory
  readonly variable: FloatArray
  readonly accumulator: FloatArray
  readonly gradient: FloatArray
  /** The first coordinates of the variable's and of the accumulator's room, by how many: see `firstOf`. */
  readonly firsts: Map<number, Firsts>
}

/** Views of the first coordinates of two rooms. */
export interface Firsts {
  readonly variable: FloatArray
  readonly accumulator: FloatArray
}

interface Stages {
  readonly single: Stage
  readonly double: Stage
}

const stages: { small?: Stages | undefined; large?: Stages | undefined } = {}

/** The stage for a step, made at first use; undefined where there is no SIMD kernel. */
export function stageFor({ values, rows }: StepPlan): Stage | undefined {
  const bytes = values.byteLength
  const isLarge = rows !== undefined && bytes > ROOM && bytes <= LARGE_ROOM
  if (isLarge) stages.large ??= makeStages(LARGE_ROOM)
  else stages.small ??= makeStages(ROOM)
  const chosen = isLarge ? stages.large : stages.small
  return values.BYTES_PER_ELEMENT === 4 ? chosen?.single : chosen?.double
}

function makeStages(room: number): Stages | undefined {
  const memory = makeKernelMemory(3 * room)
  if (memory === undefined) return undefined
  return {
    single: stage(memory, room, (offset) => new Float32Array(memory.buffer, offset, room / 4)),
    double: stage(memory, room, (offset) => new Float64Array(memory.buffer, offset, room / 8)),
  }
}

function stage(memory: KernelMemory, room: number, view: (offset: number) => FloatArray): Stage {
  return { memory, variable: view(0), accumulator: view(room), gradient: view(2 * room), firsts: new Map() }
}

/** So many lengths are kept; a program steps variables of a few lengths again and again. */
const MOST_FIRSTS = 64

/** Views of the first `length` coordinates; making one takes as long as copying hundreds of coordinates. */
export function firstOf({ variable, accumulator, firsts }: Stage, length: number): Firsts {
  let views = firsts.get(length)
  if (views === undefined) {
    if (firsts.size === MOST_FIRSTS) firsts.clear()
    views = { variable: variable.subarray(0, length), accumulator: accumulator.subarray(0, length) }
    firsts.set(length, views)
  }
  return views
}
