import { float32, type Precision } from '../precision.ts'
import type { FloatArray } from '../types.ts'
import type { InKernel } from './driver.ts'
import { makeKernel } from './kernel.ts'

/** The room of one array on the stage. What a step does not touch of it takes no memory. */
const ROOM_BYTES = 2 ** 22

/** Room for three arrays through which coordinates pass that do not lie where the SIMD kernel reaches them. */
export interface Stage {
  readonly variable: FloatArray
  readonly accumulator: FloatArray
  readonly gradient: FloatArray
  /** Undefined where there is no SIMD kernel: sparse rows pass the stage on their way to the portable loops too. */
  readonly inKernel: InKernel | undefined
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
  const float32 = (place: number) => new Float32Array(buffer, place * ROOM_BYTES, ROOM_BYTES / 4)
  const float64 = (place: number) => new Float64Array(buffer, place * ROOM_BYTES, ROOM_BYTES / 8)
  const inKernel = kernel && { kernel, variable: 0, accumulator: ROOM_BYTES, gradient: 2 * ROOM_BYTES }
  return {
    float32: { variable: float32(0), accumulator: float32(1), gradient: float32(2), inKernel },
    float64: { variable: float64(0), accumulator: float64(1), gradient: float64(2), inKernel },
  }
}

/** The stage for arrays of a precision. It and the kernel are made at first use, and tried for once. */
export function stageFor(precision: Precision): Stage {
  return precision === float32 ? theStages().float32 : theStages().float64
}

/**
 * Which loops steps run on: 'simd' (WebAssembly), or 'scalar' where WebAssembly, its SIMD or memory for it is missing, or a
 * content security policy forbids it. Both give the same bits; short arrays use the scalar ones in any case.
 * The first call, or the first step that needs to know, compiles the kernel; never throws.
 */
export function kernel(): 'simd' | 'scalar' {
  return theStages().float32.inKernel === undefined ? 'scalar' : 'simd'
}
