import type { Engine } from './engine.ts'
import type { StepPlan } from './plan.ts'
import { scalarEngine } from './scalar-engine.ts'
import { kernelModule } from './simd/kernel-module.ts'
import { simdEngine } from './simd/simd-engine.ts'

/** With fewer coordinates than this the scalar kernels are done before ordinary arrays have been copied. */
const FEWEST_STAGED = 32
/** The SIMD kernel's first group. */
const FEWEST_IN_PLACE = 16

/**
 * Which kernel steps run on: 'simd' (WebAssembly), or 'scalar' where WebAssembly or its SIMD is missing or a content
 * security policy forbids it. Both give the same bits; short arrays use the scalar one in any case.
 * The first call, or the first step that needs to know, compiles the kernel; never throws.
 */
export function kernel(): 'simd' | 'scalar' {
  return kernelModule() === undefined ? 'scalar' : 'simd'
}

/** The engine for a step of such a size. */
export function engineFor({ values, allocation }: StepPlan): Engine {
  const fewest = allocation === undefined ? FEWEST_STAGED : FEWEST_IN_PLACE
  return values.length >= fewest && kernelModule() !== undefined ? simdEngine : scalarEngine
}
