import { float32, type Precision } from '../precision.ts'
import type { FloatArray } from '../types.ts'
import type { Block } from './driver.ts'
import { GROUP_BYTES, makeKernel } from './kernel.ts'

/** The room of one array on the stage. What a step does not touch of it takes no memory. */
const ROOM_BYTES = 2 ** 22

/**
 * Room for three arrays through which coordinates pass that do not lie where the SIMD kernel reaches them. Without the kernel
 * it serves sparse rows on their way to the portable loops.
 */
export interface Stage extends Block {
  /** How many coordinates were brought in last. */
  length: number
  readonly firsts: Map<number, Firsts>
}

/** The first coordinates that were brought in. */
export interface Firsts {
  readonly variable: FloatArray
  readonly accumulator: FloatArray
}

/** So many lengths are kept; a program steps variables of a few lengths again and again. */
const MOST_FIRSTS = 64

/**
 * Views of the first `length` coordinates. Kept, because making two takes longer than copying from them: a fifth of a step on
 * 64 coordinates.
 */
export function firstOf({ variable, accumulator, firsts }: Stage, length: number): Firsts {
  let views = firsts.get(length)
  if (views === undefined) {
    if (firsts.size === MOST_FIRSTS) firsts.clear()
    views = { variable: variable.subarray(0, length), accumulator: accumulator.subarray(0, length) }
    firsts.set(length, views)
  }
  return views
}

/** Repeats the last of `length` coordinates up to a whole group, so that none is left to the portable loops; gives the new length. */
export function padStage({ variable, accumulator, gradient }: Stage, length: number, precision: Precision): number {
  const group = GROUP_BYTES / precision.bytes
  const end = (length + group - 1) & -group
  for (let i = length; i < end; i++) {
    variable[i] = variable[length - 1]
    accumulator[i] = accumulator[length - 1]
    gradient[i] = gradient[length - 1]
  }
  return end
}

interface Stages {
  readonly float32: Stage
  readonly float64: Stage
}

let stages: Stages | undefined

function theStages(): Stages {
  stages ??= makeStages()
  return stages
}

function makeStages(): Stages {
  const kernel = makeKernel(3 * ROOM_BYTES)
  const buffer = kernel?.buffer ?? new ArrayBuffer(3 * ROOM_BYTES)
  const inKernel = kernel && { kernel, variable: 0, accumulator: ROOM_BYTES, gradient: 2 * ROOM_BYTES }
  const stage = (array: (place: number) => FloatArray): Stage => ({
    variable: array(0),
    accumulator: array(1),
    gradient: array(2),
    length: 0,
    firsts: new Map(),
    inKernel,
  })
  return {
    float32: stage((place) => new Float32Array(buffer, place * ROOM_BYTES, ROOM_BYTES / 4)),
    float64: stage((place) => new Float64Array(buffer, place * ROOM_BYTES, ROOM_BYTES / 8)),
  }
}

/** The stage for arrays of a precision. It and the kernel are made at first use, and tried for once. */
export function stageFor(precision: Precision): Stage {
  return precision === float32 ? theStages().float32 : theStages().float64
}

/**
 * Tells which loops steps run on, and takes nothing: 'simd' (WebAssembly), or 'scalar' where WebAssembly, its SIMD or memory for it is missing, or a
 * content security policy forbids it. Both give the same bits; short arrays use the scalar ones in any case.
 * The first call, or the first step that needs to know, compiles the kernel; never throws.
 */
export function kernel(): 'simd' | 'scalar' {
  return theStages().float32.inKernel === undefined ? 'scalar' : 'simd'
}
