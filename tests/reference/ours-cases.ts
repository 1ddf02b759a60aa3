/** The optimizers whose toJSON() is kept in ours/, for the real Keras to load (make_fixtures.py verify-ours). */
import {
  ClippyAdagrad,
  CosineDecay,
  CosineDecayRestarts,
  ExponentialDecay,
  InverseTimeDecay,
  PiecewiseConstantDecay,
  PolynomialDecay,
} from '../../src/index.ts'

export const OURS = new URL('./ours/', import.meta.url)

const initialLearningRate = 0.1

/**
 * By file name. The rates of schedules are no whole numbers: JSON.stringify writes 1 for 1.0, and Keras's schedules fail on
 * an integer rate (at once, or with PiecewiseConstantDecay at the first boundary).
 */
export const optimizers: Readonly<Record<string, ClippyAdagrad>> = {
  defaults: new ClippyAdagrad(),
  numbers: new ClippyAdagrad({
    learningRate: 0.03,
    initialAccumulatorValue: 0.2,
    variableRelativeThreshold: 0.3,
    accumulatorRelativeThreshold: 0.6,
    absoluteThreshold: 0.4,
    epsilon: 1e-5,
    exportClippingFactors: true,
    name: 'Tuned',
  }),
  'standard-accumulator': new ClippyAdagrad({ useStandardAccumulatorUpdate: true }),
  'clipped-accumulator': new ClippyAdagrad({ clipAccumulatorUpdate: true }),
  'weight-decay': new ClippyAdagrad({ weightDecay: 0.004 }),
  clipnorm: new ClippyAdagrad({ clipnorm: 1.5 }),
  clipvalue: new ClippyAdagrad({ clipvalue: 0.5 }),
  'global-clipnorm': new ClippyAdagrad({ globalClipnorm: 10 }),
  ema: new ClippyAdagrad({ useEma: true, emaMomentum: 0.95, emaOverwriteFrequency: 100 }),
  'exponential-decay': new ClippyAdagrad({
    learningRate: new ExponentialDecay({ initialLearningRate, decaySteps: 10, decayRate: 0.9, staircase: true }),
  }),
  'inverse-time-decay': new ClippyAdagrad({
    learningRate: new InverseTimeDecay({ initialLearningRate, decaySteps: 10, decayRate: 0.5, name: 'slower' }),
  }),
  'piecewise-constant-decay': new ClippyAdagrad({
    learningRate: new PiecewiseConstantDecay({ boundaries: [5, 10], values: [0.9, 0.5, 0.1] }),
  }),
  'polynomial-decay': new ClippyAdagrad({
    learningRate: new PolynomialDecay({ initialLearningRate, decaySteps: 20, power: 2, cycle: true }),
  }),
  'cosine-decay': new ClippyAdagrad({
    learningRate: new CosineDecay({ initialLearningRate, decaySteps: 100, warmupTarget: 0.5, warmupSteps: 20 }),
  }),
  'cosine-decay-restarts': new ClippyAdagrad({
    learningRate: new CosineDecayRestarts({ initialLearningRate, firstDecaySteps: 10, tMul: 1.5, mMul: 0.9 }),
  }),
}
