/** What the optimizer may use of the steps; src/index.ts says what of it is public. */
export {
  type AllocateOptions,
  type Allocation,
  type AllocationHandle,
  allocate,
  attach,
  ownArrays,
  type SharedAllocation,
} from './allocate.ts'
export { clippingBound } from './bound.ts'
export { explainOperands, type LimitingCoordinate, type OperandsExplained } from './explain.ts'
export type { Hyperparameters } from './hyperparameters.ts'
export { kernel } from './loops/stage.ts'
export {
  distinctRows,
  isDetached,
  type Operands,
  operandsOf,
  refuseDetached,
  requireFloatArray,
  summedGradient,
  withOwnRows,
} from './operands.ts'
export {
  hyperparameters,
  hyperparametersOf,
  refuseBothAccumulatorFlags,
  requireAbsoluteThreshold,
  STEP_RULES,
} from './options.ts'
export { float32, float64, nextToward, precisionOf } from './precision.ts'
export { refuse, requireFiniteAt } from './refusal.ts'
export { isSparse, isSparseGradient } from './rows.ts'
export { type ShapedValue, type Shrunk, shrinkByReferences, type Tensor } from './shrink.ts'
export { clippingFactor, smallestFactor, step, update, updateAccumulator, updateVariable } from './step.ts'
export type { FloatArray, Gradient, RowIndices, SamePrecision, SparseGradient, StepOptions } from './types.ts'
