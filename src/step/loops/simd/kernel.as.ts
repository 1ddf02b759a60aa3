/**
 * The loops of float32.ts and float64.ts in WebAssembly SIMD (AssemblyScript), written once for both precisions: T is f32,
 * four lanes to a vector, or f64, two. The symbols are the paper's, as in coordinate.ts: w the variable, a the accumulator,
 * g the gradient, q = a + ε.
 *
 * A loop works on whole groups of four vectors, from `from` up to `end`, and stops at the first group that it may not
 * settle itself: `driver.ts` does, and goes on behind it. Arrays are given by their byte addresses in the memory, which
 * belongs to the caller; any alignment will do.
 *
 * The hot loops test their condition at the end: V8 takes constants out of a loop only where its body is sure to run, and
 * converting them in each round costs a sixth of a step.
 */

export { factor32, factor64, reached } from './first-pass.as'
export { read } from './read-ahead.as'
export { square32, square64, update32, update64 } from './second-pass.as'
export * from './constants.as'
