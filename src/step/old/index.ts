/** What the old optimizer uses; goes with it. */
export { type AllocateOptions, type Allocation, allocate } from '../allocate.ts'
export { clippingBound } from '../bound.ts'
export { type Precision, precisionOf } from '../precision.ts'
export { clippingFactor, step, updateAccumulator, updateVariable } from '../step.ts'
export type { FloatArray, Gradient, SparseGradient, StepOptions } from '../types.ts'
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
export { coordinateOf, isSparse, sparseWidth, summedRows, valuesOf, widthOf } from './sparse.ts'
export { applyStep } from './step.ts'
