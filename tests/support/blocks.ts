import * as assert from 'uvu/assert'
import type { Hyperparameters } from '../../src/step/hyperparameters.ts'
import { type Block, smallestFactorOf, squareBlock, updateBlock } from '../../src/step/loops/driver.ts'
import { type Kernel, makeKernel } from '../../src/step/loops/kernel.ts'
import { hyperparameters } from '../../src/step/options.ts'
import { precisionOf } from '../../src/step/precision.ts'
import type { Case } from './case.ts'
import type { FloatArray } from './precision.ts'

/** Coordinates where the loops of the step layer reach them, in memory of their own: a step may write to them. */

/** Checked options for the precision of a case. */
export function hyperparametersOf({ variable, options }: Case): Hyperparameters {
  const precision = precisionOf(variable)
  assert.ok(precision !== undefined)
  return hyperparameters(options, precision)
}

/** For the portable loops. */
export function portableBlock({ variable, accumulator, gradient }: Case): Block {
  return {
    variable: variable.slice(),
    accumulator: accumulator.slice(),
    gradient: gradient.slice(),
    length: variable.length,
    inKernel: undefined,
  }
}

/** What lies around the arrays of a block in a kernel's memory. */
const GUARD = 7

let kernel: Kernel | undefined

/**
 * For the SIMD loops, `offset` values from where the memory begins. Without WebAssembly for the portable ones, so that what is
 * compared with those holds trivially. All blocks share one memory: the next one overwrites the last.
 */
export function kernelBlock(input: Case, offset = 0): Block {
  const { variable, accumulator, gradient } = input
  const precision = hyperparametersOf(input).precision
  const room = (variable.length + 8) * precision.bytes
  if (kernel === undefined || kernel.buffer.byteLength < 3 * room) kernel = makeKernel(3 * room + 2 ** 16)
  if (kernel === undefined) return portableBlock(input)
  new precision.Kind(kernel.buffer, 0, (3 * room) / precision.bytes).fill(GUARD)
  const { buffer } = kernel
  const placed = (array: FloatArray, place: number) => {
    const view = new precision.Kind(buffer, place * room + offset * precision.bytes, array.length)
    view.set(array)
    return view
  }
  const arrays = { variable: placed(variable, 0), accumulator: placed(accumulator, 1), gradient: placed(gradient, 2) }
  const inKernel = {
    kernel,
    variable: arrays.variable.byteOffset,
    accumulator: arrays.accumulator.byteOffset,
    gradient: arrays.gradient.byteOffset,
  }
  return { ...arrays, length: variable.length, inKernel }
}

/** Whether nothing around the arrays of the last `kernelBlock` has been written to. */
export function guardsHold({ inKernel, variable, accumulator, gradient }: Block): boolean {
  if (inKernel === undefined) return true
  const precision = precisionOf(variable)
  assert.ok(precision !== undefined)
  const { buffer } = inKernel.kernel
  const all = new precision.Kind(buffer, 0, Math.floor((3 * (variable.length + 8) * precision.bytes) / precision.bytes))
  const inside = new Set<number>()
  for (const { byteOffset, length } of [variable, accumulator, gradient]) {
    for (let i = 0; i < length; i++) inside.add(byteOffset / precision.bytes + i)
  }
  return all.every((x, i) => x === GUARD || inside.has(i))
}

/** Both passes of a step on one block, put together as Algorithm 1 says; NaN where it is refused. */
export function stepOn(block: Block, h: Hyperparameters): number {
  const standard = h.useStandardAccumulatorUpdate
  const factor = smallestFactorOf(block, 1, standard, h)
  if (Number.isNaN(factor)) return factor
  if (standard) squareBlock(block, 1, h)
  updateBlock(block, factor, !standard && !h.clipAccumulatorUpdate, h)
  if (h.clipAccumulatorUpdate) squareBlock(block, factor, h)
  return factor
}

/** The coordinates of a case again and again, each time one further on, up to a length; none of a case without any. */
export function tiled(input: Case, length: number): Case {
  const repeat = <Values extends FloatArray>(array: Values): FloatArray => {
    const long = array instanceof Float32Array ? new Float32Array(length) : new Float64Array(length)
    for (let i = 0; i < length; i++) long[i] = array[(i + Math.floor(i / array.length)) % array.length]
    return long
  }
  const { variable, accumulator, gradient, options } = input
  if (variable.length === 0) return input
  return { variable: repeat(variable), accumulator: repeat(accumulator), gradient: repeat(gradient), options }
}
