import { KERNEL } from './kernel-bytes.ts'

/** Undefined until it is first asked for, null where it cannot be had. */
let compiled: WebAssembly.Module | null | undefined

/** The SIMD kernel, compiled at first use; undefined where the engine or its policy does not allow it. */
export function kernelModule(): WebAssembly.Module | undefined {
  if (compiled === undefined) compiled = compile()
  return compiled ?? undefined
}

function compile(): WebAssembly.Module | null {
  if (typeof WebAssembly === 'undefined') return null
  try {
    return new WebAssembly.Module(Uint8Array.from(atob(KERNEL), (character) => character.charCodeAt(0)))
  } catch {
    // No SIMD, or a content security policy without 'wasm-unsafe-eval': the scalar kernels serve.
    return null
  }
}
