/**
 * What must not compile. Nothing here is run: `npm run check` compiles it against the sources and `npm run test:package`
 * against the packed package, and a line that compiles after all makes its `@ts-expect-error` an error.
 */
import {
  ClippyAdagrad,
  CosineDecay,
  clippingFactor,
  ExponentialDecay,
  LearningRateSchedule,
  PiecewiseConstantDecay,
  step,
  updateAccumulator,
} from 'clippy-adagrad'

export function misuse(): void {
  const floats = new Float32Array(1)

  // @ts-expect-error plain arrays are not updated in place
  step([1], [1], [1])
  // @ts-expect-error integers cannot hold a variable
  step(new Int32Array(1), floats, floats)
  // @ts-expect-error the gradient is missing
  step(floats, floats)
  // @ts-expect-error no such option
  step(floats, floats, floats, { lr: 0.1 })
  // @ts-expect-error options are numbers
  step(floats, floats, floats, { learningRate: '0.1' })
  // @ts-expect-error options belong in an object
  clippingFactor(floats, floats, floats, 0.1)
  // @ts-expect-error a factor is a number
  updateAccumulator(floats, floats, true)
  // @ts-expect-error a sparse gradient has values too
  step(floats, floats, { indices: [0] })

  // @ts-expect-error decaySteps and decayRate are missing
  new ExponentialDecay({ initialLearningRate: 0.1 })
  // @ts-expect-error Keras's snake_case is for fromConfig
  new CosineDecay({ initial_learning_rate: 0.1, decay_steps: 1 })
  // @ts-expect-error the parameters of a schedule do not change
  new PiecewiseConstantDecay({ boundaries: [], values: [1] }).values = [2]
  // @ts-expect-error a schedule is asked with at
  new CosineDecay({ initialLearningRate: 0.1, decaySteps: 1 })(3)
  // @ts-expect-error the base class has no rate of its own
  new LearningRateSchedule()

  // @ts-expect-error no such option
  new ClippyAdagrad({ lr: 0.1 })
  // @ts-expect-error options are numbers
  new ClippyAdagrad({ learningRate: '0.1' })
  // @ts-expect-error only throw and skip
  new ClippyAdagrad({ nonFiniteGradients: 'ignore' })
  // @ts-expect-error gradients come in pairs with their variables
  new ClippyAdagrad().applyGradients([floats, floats])
  // @ts-expect-error a list of pairs, not a pair
  new ClippyAdagrad().applyGradients([floats], [floats])
  // @ts-expect-error the count of skipped steps is the optimizer's own
  new ClippyAdagrad().skippedSteps = 0
  // @ts-expect-error the list of variables is the optimizer's own
  new ClippyAdagrad().variables.push(floats)
  // @ts-expect-error factors are read only
  new ClippyAdagrad().clippingFactors[0] = 1
}
