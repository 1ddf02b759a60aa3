/** What the optimizer may use of the steps. */
export { updateAccumulator } from './accumulator.ts'
export { clippingBound, clippingFactor } from './clipping.ts'
export { type ShapedValue, type Shrunk, shrinkByReferences, type Tensor } from './shrink.ts'
export { step } from './step.ts'
export type { FloatArray, Gradient, SparseGradient, StepOptions } from './types.ts'
export { updateVariable } from './variable.ts'
