import { float32, type Precision } from '../precision.ts'
import type { FloatArray } from '../types.ts'
import type { Engine } from './engine.ts'
import { float32Kernel } from './float32-kernel.ts'
import { float64Kernel } from './float64-kernel.ts'
import type { Kernel } from './kernel.ts'
import type { TouchedRuns } from './plan.ts'

/** The scalar kernels on the caller's own arrays. */
export const scalarEngine: Engine = {
  smallestFactor(plan, standard) {
    const { variable, accumulator, values, width, h } = plan
    const kernel = kernelFor(h.precision)
    let factor = 1
    for (let run = 0; run < runCount(plan) && !Number.isNaN(factor); run++) {
      const start = startOf(run, plan)
      factor = kernel.smallestFactor(variable, accumulator, values, start, run * width, width, factor, standard, h)
    }
    return factor
  },

  update(plan, factor, accumulation) {
    const { variable, accumulator, values, width, h } = plan
    const kernel = kernelFor(h.precision)
    for (let run = 0; run < runCount(plan); run++) {
      const start = startOf(run, plan)
      kernel.update(variable, accumulator, values, start, run * width, width, factor, accumulation, h)
    }
  },
}

/** a ← a + (factor · g)² on what the gradient touches. Everything has been checked. */
export function addSquares(
  kernel: Kernel<FloatArray>,
  accumulator: FloatArray,
  touched: TouchedRuns,
  factor: number,
): void {
  const { values, width } = touched
  for (let run = 0; run < runCount(touched); run++) {
    kernel.addSquares(accumulator, values, startOf(run, touched), run * width, width, factor)
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
