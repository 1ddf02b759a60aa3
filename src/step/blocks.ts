import type { Block, InKernel } from './loops/driver.ts'
import { type Home, homeOf } from './loops/in-place.ts'
import { GROUP_BYTES, type Kernel } from './loops/kernel.ts'
import { type Stage, stageFor } from './loops/stage.ts'
import type { Operands } from './operands.ts'
import { gatherRows, scatterRows } from './rows.ts'
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
const FEWEST_STAGED = 16

/** With fewer, asking whether arrays lie in a kernel's memory takes longer than copying them. */
const FEWEST_IN_PLACE = 1024

/** Coordinates of a block where not all fit on the stage; the three arrays of a block stay in the fast caches. */
const BLOCK = 16_384

/** The most coordinates of ordinary arrays that pass the stage in one block, so that they are copied there once a step. */
const MOST_AT_ONCE = 65_536

export function blocksOf(operands: Operands): Blocks {
  const { gradient, rows, precision } = operands
  const total = gradient.length
  if (total === 0) return new DirectBlock(operands, undefined)
  const stage = stageFor(precision)
  if (rows !== undefined) return new StagedBlocks(operands, stage, total <= stage.variable.length ? total : BLOCK)
  if (total < FEWEST_STAGED || stage.inKernel === undefined) return new DirectBlock(operands, undefined)
  return inPlace(operands) ?? new StagedBlocks(operands, stage, total <= MOST_AT_ONCE ? total : BLOCK)
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
  readonly #block: Block

  constructor({ variable, accumulator, gradient }: Operands, kernel: Kernel | undefined) {
    const inKernel = kernel && inKernelOf(kernel, variable, accumulator, gradient)
    this.#block = { variable, accumulator, gradient, length: gradient.length, inKernel }
  }

  at(): Block {
    return this.#block
  }

  putBack(): void {}
}

/** Variable and accumulator where they are, in a kernel's memory, to which the gradient is brought. */
class GradientBlocks implements Blocks {
  readonly count: number
  readonly #operands: Operands
  readonly #home: Home

  constructor(operands: Operands, home: Home) {
    this.count = Math.ceil(operands.gradient.length / BLOCK)
    this.#operands = operands
    this.#home = home
  }

  at(k: number): Block {
    const { precision, ...whole } = this.#operands
    const { kernel, scratchOffset } = this.#home
    const from = k * BLOCK
    const to = Math.min(from + BLOCK, whole.gradient.length)
    const variable = whole.variable.subarray(from, to)
    const accumulator = whole.accumulator.subarray(from, to)
    const gradient = precision.view(kernel.buffer, scratchOffset, to - from)
    gradient.set(whole.gradient.subarray(from, to))
    const inKernel = inKernelOf(kernel, variable, accumulator, gradient)
    return { variable, accumulator, gradient, length: to - from, inKernel }
  }

  putBack(): void {}
}

/** Copies on the stage: of the whole step, made once, or of one block after the other, made each time. */
class StagedBlocks implements Blocks {
  readonly count: number
  readonly #operands: Operands
  readonly #stage: Stage
  readonly #size: number

  constructor(operands: Operands, stage: Stage, size: number) {
    this.count = Math.ceil(operands.gradient.length / size)
    this.#operands = operands
    this.#stage = stage
    this.#size = size
    if (this.count === 1) this.#bringIn(0, size)
  }

  at(k: number): Block {
    const from = k * this.#size
    const length = Math.min(this.#size, this.#operands.gradient.length - from)
    if (this.count > 1) this.#bringIn(from, length)
    const { variable, accumulator, gradient, inKernel } = this.#stage
    return { variable, accumulator, gradient, length: this.#padded(length), inKernel }
  }

  putBack(k: number, hasSquared: boolean): void {
    const { variable, accumulator, rows, width } = this.#operands
    const stage = this.#stage
    const from = k * this.#size
    const length = Math.min(this.#size, this.#operands.gradient.length - from)
    if (rows === undefined) {
      copy(stage.variable, 0, variable, from, length)
      if (hasSquared) copy(stage.accumulator, 0, accumulator, from, length)
    } else {
      scatterRows(rows, width, from, length, stage.variable, variable)
      if (hasSquared) scatterRows(rows, width, from, length, stage.accumulator, accumulator)
    }
  }

  #bringIn(from: number, length: number): void {
    const { variable, accumulator, gradient, rows, width } = this.#operands
    const stage = this.#stage
    copy(gradient, from, stage.gradient, 0, length)
    if (rows === undefined) {
      copy(variable, from, stage.variable, 0, length)
      copy(accumulator, from, stage.accumulator, 0, length)
    } else {
      gatherRows(rows, width, from, length, variable, stage.variable)
      gatherRows(rows, width, from, length, accumulator, stage.accumulator)
    }
    for (let i = length; i < this.#padded(length); i++) {
      stage.variable[i] = stage.variable[length - 1]
      stage.accumulator[i] = stage.accumulator[length - 1]
      stage.gradient[i] = stage.gradient[length - 1]
    }
  }

  /** The last coordinate is repeated up to a whole group, so that none is left to the portable loops. */
  #padded(length: number): number {
    const group = GROUP_BYTES / this.#stage.gradient.BYTES_PER_ELEMENT
    return Math.ceil(length / group) * group
  }
}

function inKernelOf(kernel: Kernel, variable: FloatArray, accumulator: FloatArray, gradient: FloatArray): InKernel {
  return {
    kernel,
    variable: variable.byteOffset,
    accumulator: accumulator.byteOffset,
    gradient: gradient.byteOffset,
  }
}

/** What is shorter than this is copied by a loop: a typed array's own copy, and a view for it, take as long to call. */
const FEWEST_COPIED_WHOLE = 96

/** `length` values from one place to another of equal precision; the two do not overlap. */
function copy(source: FloatArray, from: number, target: FloatArray, to: number, length: number): void {
  if (length < FEWEST_COPIED_WHOLE) for (let i = 0; i < length; i++) target[to + i] = source[from + i]
  else target.set(length === source.length ? source : source.subarray(from, from + length), to)
}
