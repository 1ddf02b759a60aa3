import type { Engine } from './engine.ts'
import type { TouchedRuns } from './plan.ts'
import { scalarEngine } from './scalar-engine.ts'
import { kernelModule } from './simd/kernel-module.ts'
import { simdEngine } from './simd/simd-engine.ts'

/** Below this many coordinates the scalar kernels are done before the SIMD kernel has been given its arguments. */
const FEWEST_FOR_SIMD = 32

/**
 * Which kernel steps run on: 'simd' (WebAssembly), or 'scalar' where WebAssembly or its SIMD is missing or a content
 * security policy forbids it. Both give the same bits; short arrays use the scalar one in any case.
 * The first call, or the first step that needs to know, compiles the kernel; never throws.
 */
export function kernel(): 'simd' | 'scalar' {
  return kernelModule() === undefined ? 'scalar' : 'simd'
}

/** The engine for a gradient that touches so much. */
export function engineFor({ values }: TouchedRuns): Engine {
  return values.length >= FEWEST_FOR_SIMD && kernelModule() !== undefined ? simdEngine : scalarEngine
}
