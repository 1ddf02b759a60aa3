import type { Block, InKernel } from './loops/driver.ts'
import { type Home, homeOf } from './loops/in-place.ts'
import type { Kernel } from './loops/kernel.ts'
import { firstOf, padStage, type Stage, stageFor } from './loops/stage.ts'
import type { Operands } from './operands.ts'
import { gatherRows, scatterRows } from './row-copies.ts'
import type { FloatArray } from './types.ts'

/**
 * The coordinates of a step, cut into blocks that lie where the loops reach them. `at` brings a block in, which stays until
 * the next one comes or other coordinates do; `putBack` takes what an update has changed to where it belongs.
 */
export interface Blocks {
  readonly count: number
  at(k: number): Block
  putBack(k: number, hasSquared: boolean): void
}

/** With fewer coordinates than this, the portable loops are done before the arrays have been copied. */
export const FEWEST_STAGED = 16

/** With fewer, asking whether arrays lie in a kernel's memory takes longer than copying them. */
export const FEWEST_IN_PLACE = 1024

/** Coordinates of a block where not all fit on the stage; the three arrays of a block stay in the fast caches. */
const BLOCK = 16_384

/** The most bytes of ordinary arrays that pass the stage in one block, so that they are copied there once a step. */
const MOST_AT_ONCE = 2 ** 18

export function blocksOf(operands: Operands): Blocks {
  const { gradient, rows, precision } = operands
  const total = gradient.length
  if (total === 0) return new DirectBlock(operands, undefined)
  const stage = stageFor(precision)
  if (rows !== undefined) return new StagedBlocks(operands, stage, total <= stage.variable.length ? total : BLOCK)
  if (total < FEWEST_STAGED || stage.inKernel === undefined) return new DirectBlock(operands, undefined)
  return inPlace(operands) ?? new StagedBlocks(operands, stage, total * precision.bytes <= MOST_AT_ONCE ? total : BLOCK)
}

/** Blocks of variables whose accumulator lies in the same kernel's memory. */
function inPlace(operands: Operands): Blocks | undefined {
  const { variable, accumulator, gradient } = operands
  if (gradient.length < FEWEST_IN_PLACE) return undefined
  const { buffer } = variable
  const home = homeOf(buffer)
  if (home === undefined || accumulator.buffer !== buffer) return undefined
  const { kernel, scratchOffset } = home
  if (gradient.buffer === buffer) return new DirectBlock(operands, kernel)
  const isClear = (array: FloatArray) => array.byteOffset + array.byteLength <= scratchOffset
  return isClear(variable) && isClear(accumulator) ? new GradientBlocks(operands, home) : undefined
}

/** All coordinates where they are. */
class DirectBlock implements Blocks {
  readonly count = 1
  private readonly block: Block

  constructor({ variable, accumulator, gradient }: Operands, kernel: Kernel | undefined) {
    const inKernel = kernel && inKernelOf(kernel, variable, accumulator, gradient)
    this.block = { variable, accumulator, gradient, length: gradient.length, inKernel }
  }

  at(): Block {
    return this.block
  }

  putBack(): void {}
}

/** Variable and accumulator where they are, in a kernel's memory, to which the gradient is brought. */
class GradientBlocks implements Blocks {
  readonly count: number

  constructor(
    private readonly operands: Operands,
    private readonly home: Home,
  ) {
    this.count = Math.ceil(operands.gradient.length / BLOCK)
  }

  at(k: number): Block {
    const { operands } = this
    const { kernel, scratchOffset } = this.home
    const from = k * BLOCK
    const to = Math.min(from + BLOCK, operands.gradient.length)
    const variable = operands.variable.subarray(from, to)
    const accumulator = operands.accumulator.subarray(from, to)
    const gradient = new operands.precision.Kind(kernel.buffer, scratchOffset, to - from)
    gradient.set(operands.gradient.subarray(from, to))
    const inKernel = inKernelOf(kernel, variable, accumulator, gradient)
    return { variable, accumulator, gradient, length: to - from, inKernel }
  }

  putBack(): void {}
}

/** Copies on the stage: of the whole step, made once, or of one block after the other, made each time. */
class StagedBlocks implements Blocks {
  readonly count: number

  constructor(
    private readonly operands: Operands,
    private readonly stage: Stage,
    private readonly size: number,
  ) {
    const total = operands.gradient.length
    this.count = total === size ? 1 : Math.ceil(total / size)
    if (this.count === 1) this.bringIn(0)
  }

  at(k: number): Block {
    if (this.count > 1) this.bringIn(k)
    return this.stage
  }

  putBack(k: number, hasSquared: boolean): void {
    const { variable, accumulator, gradient, rows, width } = this.operands
    const { stage } = this
    const from = k * this.size
    const length = Math.min(this.size, gradient.length - from)
    if (rows === undefined) {
      const firsts = firstOf(stage, length)
      variable.set(firsts.variable, from)
      if (hasSquared) accumulator.set(firsts.accumulator, from)
    } else {
      scatterRows(stage, { rows, width, from, length }, this.operands, hasSquared)
    }
  }

  private bringIn(k: number): void {
    const { operands, stage } = this
    const { rows, width, precision } = operands
    const { variable, accumulator, gradient } = stage
    const from = k * this.size
    const length = Math.min(this.size, operands.gradient.length - from)
    gradient.set(part(operands.gradient, from, length))
    if (rows === undefined) {
      variable.set(part(operands.variable, from, length))
      accumulator.set(part(operands.accumulator, from, length))
    } else {
      gatherRows(operands, { rows, width, from, length }, stage)
    }
    stage.length = padStage(stage, length, precision)
  }
}

function part(array: FloatArray, from: number, length: number): FloatArray {
  return length === array.length ? array : array.subarray(from, from + length)
}

function inKernelOf(kernel: Kernel, variable: FloatArray, accumulator: FloatArray, gradient: FloatArray): InKernel {
  return {
    kernel,
    variable: variable.byteOffset,
    accumulator: accumulator.byteOffset,
    gradient: gradient.byteOffset,
  }
}
