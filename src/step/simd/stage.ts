import type { FloatArray } from '../types.ts'
import { type KernelMemory, makeKernelMemory } from './kernel-memory.ts'

/** The room of one array on the stage, in bytes: 65,536 float32 or 32,768 float64 coordinates. */
const ROOM = 2 ** 18

/** Kernel memory with room for three arrays, through which ordinary arrays pass on their way to the SIMD kernel. */
export interface Stage {
  readonly memory: KernelMemory
  readonly variable: FloatArray
  readonly accumulator: FloatArray
  readonly gradient: FloatArray
}

interface Stages {
  readonly single: Stage
  readonly double: Stage
}

let stages: Stages | undefined

/** The stage for arrays of this one's precision, made at first use; undefined where there is no SIMD kernel. */
export function stageFor(array: FloatArray): Stage | undefined {
  if (stages === undefined) {
    const memory = makeKernelMemory(3 * ROOM)
    if (memory === undefined) return undefined
    stages = {
      single: stage(memory, (offset) => new Float32Array(memory.buffer, offset, ROOM / 4)),
      double: stage(memory, (offset) => new Float64Array(memory.buffer, offset, ROOM / 8)),
    }
  }
  return array.BYTES_PER_ELEMENT === 4 ? stages.single : stages.double
}

function stage(memory: KernelMemory, view: (offset: number) => FloatArray): Stage {
  return { memory, variable: view(0), accumulator: view(ROOM), gradient: view(2 * ROOM) }
}
