/** What the optimizer may use of the steps; src/index.ts says what of it is public. */
export { type AllocateOptions, type Allocation, allocate } from './allocate.ts'
export { clippingBound } from './bound.ts'
export { kernel } from './loops/stage.ts'
export { clippingFactor, step, updateAccumulator, updateVariable } from './step.ts'
export { type ShapedValue, type Shrunk, shrinkByReferences, type Tensor } from './shrink.ts'
export type { FloatArray, Gradient, RowIndices, SparseGradient, StepOptions } from './types.ts'
export { refuseNonFinite, requireFiniteAt } from './old/finite.ts'
export {
  type Hyperparameters,
  hyperparameters,
  refuseBothAccumulatorFlags,
  requireAbsoluteThreshold,
  STEP_DEFAULTS,
} from './old/hyperparameters.ts'
export { overlap, requireFloatArray } from './old/operands.ts'
export { decideFactor, planStep, release, replan, type StepPlan } from './old/plan.ts'
export { type Precision, precisionOf } from './precision.ts'
export { coordinateOf, isSparse, sparseWidth, summedRows, valuesOf, widthOf } from './old/sparse.ts'
export { applyStep } from './old/step.ts'
