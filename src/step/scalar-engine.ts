import type { Engine } from './engine.ts'
import { float32Kernel } from './float32-kernel.ts'
import { float64Kernel } from './float64-kernel.ts'
import type { Kernel } from './kernel.ts'
import type { TouchedRuns } from './plan.ts'
import { float32, type Precision } from './precision.ts'
import type { FloatArray } from './types.ts'

/** The scalar kernels on the caller's own arrays. */
export const scalarEngine: Engine = {
  smallestFactor({ variable, accumulator, gradient, h }, standard) {
    const { values, width } = gradient
    const kernel = kernelFor(h.precision)
    let factor = 1
    for (let run = 0; run < runCount(gradient) && !Number.isNaN(factor); run++) {
      const start = startOf(run, gradient)
      factor = kernel.smallestFactor(variable, accumulator, values, start, run * width, width, factor, standard, h)
    }
    return factor
  },

  update({ variable, accumulator, gradient, h }, factor, accumulation) {
    const { values, width } = gradient
    const kernel = kernelFor(h.precision)
    if (accumulation === 'standard') addSquares(kernel, accumulator, gradient, 1)
    for (let run = 0; run < runCount(gradient); run++) {
      const start = startOf(run, gradient)
      kernel.moveVariable(variable, accumulator, values, start, run * width, width, factor, h)
    }
    if (accumulation === 'delayed') addSquares(kernel, accumulator, gradient, 1)
    if (accumulation === 'clipped') addSquares(kernel, accumulator, gradient, factor)
  },
}

/** a ← a + (factor · g)² on what the gradient touches. Everything has been checked. */
export function addSquares(
  kernel: Kernel<FloatArray>,
  accumulator: FloatArray,
  gradient: TouchedRuns,
  factor: number,
): void {
  const { values, width } = gradient
  for (let run = 0; run < runCount(gradient); run++) {
    kernel.addSquares(accumulator, values, startOf(run, gradient), run * width, width, factor)
  }
}

/** The scalar kernel of a precision. */
export function kernelFor(precision: Precision): Kernel<FloatArray> {
  return precision === float32 ? float32Kernel : float64Kernel
}

function runCount({ rows }: TouchedRuns): number {
  return rows === undefined ? 1 : rows.length
}

function startOf(run: number, { rows, width }: TouchedRuns): number {
  return rows === undefined ? 0 : rows[run] * width
}
