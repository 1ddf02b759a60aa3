/**
 * Adagrad with Clippy's adaptive clipping on plain `Float32Array` and `Float64Array` buffers.
 *
 * Two layers: step functions without state ({@link step} and its parts {@link clippingFactor}, {@link updateVariable},
 * {@link updateAccumulator}; {@link clippingBound}, {@link shrinkByReferences}, {@link allocate}, {@link attach}, {@link kernel}), and on
 * top of them {@link ClippyAdagrad}, an {@link Optimizer} that owns variables, slots and settings. Learning-rate schedules
 * extend {@link LearningRateSchedule}.
 *
 * Sources: `tfrs.experimental.optimizers.ClippyAdagrad` with its base class in TF-Keras, and "Improving Training Stability
 * for Multitask Ranking Models in Recommender Systems" (KDD 2023, arXiv 2302.09178), Algorithm 1.
 *
 * @packageDocumentation
 */
export {
  type AddVariableOptions,
  type ApplyOptions,
  ClippyAdagrad,
  type ClippyAdagradOptions,
  type Constraint,
  type CustomObjects,
  type Explanation,
  type GradientAndVariable,
  type LearningRate,
  type LimitingCoordinate,
  type Loss,
  type LossAndGradients,
  type NamePattern,
  Optimizer,
  type OptimizerOptions,
  type Override,
  PerReplica,
  type ReadyPair,
  type ReferenceVariableOptions,
  type SerializedObject,
  type Store,
  type Tape,
  Variable,
  type VariableList,
  type VariableOptions,
  type VariableSettings,
  type WeightDecayExclusions,
} from './optimizer/index.ts'
export {
  CosineDecay,
  type CosineDecayOptions,
  CosineDecayRestarts,
  type CosineDecayRestartsOptions,
  ExponentialDecay,
  type ExponentialDecayOptions,
  InverseTimeDecay,
  type InverseTimeDecayOptions,
  LearningRateSchedule,
  LinearWarmup,
  type LinearWarmupOptions,
  PiecewiseConstantDecay,
  type PiecewiseConstantDecayOptions,
  PolynomialDecay,
  type PolynomialDecayOptions,
  type ScheduleClass,
} from './schedules/index.ts'
export {
  type AllocateOptions,
  type Allocation,
  type AllocationHandle,
  allocate,
  attach,
  clippingBound,
  clippingFactor,
  type FloatArray,
  type Gradient,
  kernel,
  type RowIndices,
  type SamePrecision,
  type ShapedValue,
  type SharedAllocation,
  type Shrunk,
  type SparseGradient,
  type StepOptions,
  shrinkByReferences,
  step,
  type Tensor,
  updateAccumulator,
  updateVariable,
} from './step/index.ts'
