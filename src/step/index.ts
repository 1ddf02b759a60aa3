/** What the optimizer may use of the steps; src/index.ts says what of it is public. */
export { updateAccumulator } from './accumulator.ts'
export { clippingBound, clippingFactor } from './clipping.ts'
export { kernel } from './engine-choice.ts'
export { refuseNonFinite, requireFiniteAt } from './finite.ts'
export {
  type Hyperparameters,
  hyperparameters,
  refuseBothAccumulatorFlags,
  requireAbsoluteThreshold,
  STEP_DEFAULTS,
} from './hyperparameters.ts'
export { overlap, requireFloatArray } from './operands.ts'
export { decideFactor, planStep, release, replan, type StepPlan } from './plan.ts'
export { type Precision, precisionOf } from './precision.ts'
export {
  distinctRows,
  explainOperands,
  type Operands,
  type OperandsExplained,
  operandsOf,
  refuse,
  smallestFactor,
  update,
} from './shim.ts'
export { type ShapedValue, type Shrunk, shrinkByReferences, type Tensor } from './shrink.ts'
export { type AllocateOptions, type Allocation, allocate } from './simd/allocate.ts'
export { coordinateOf, isSparse, sparseWidth, summedRows, valuesOf, widthOf } from './sparse.ts'
export { applyStep, step } from './step.ts'
export type { FloatArray, Gradient, SparseGradient, StepOptions } from './types.ts'
export { updateVariable } from './variable.ts'
