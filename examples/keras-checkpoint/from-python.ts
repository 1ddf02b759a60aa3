// Run with: npx tsx from-python.ts [FILE]
//
// Goes on for five steps with a run that Python saved, beside the five that Python took next.

import { ClippyAdagrad, ExponentialDecay } from 'clippy-adagrad'
import { optimizerConfig } from './config.ts'
import { readKerasFile } from './keras-file.ts'
import { ClickModel } from './model.ts'
import { loadRun } from './run.ts'
import { difference, readSteps, takeStep } from './steps.ts'

const [path = 'python/run.keras'] = process.argv.slice(2)

const file = readKerasFile(path)
const model = new ClickModel(1)
const optimizer = file.config
  ? ClippyAdagrad.fromConfig(optimizerConfig(file))
  : // A .weights.h5 has no options: they are given again, as in Python.
    new ClippyAdagrad({
      learningRate: new ExponentialDecay({ initialLearningRate: 0.5, decaySteps: 4, decayRate: 0.9 }),
      variableRelativeThreshold: 0.2,
      absoluteThreshold: 0.005,
      exportClippingFactors: true,
    })
loadRun({ weights: model.weights, optimizer }, file)
console.log(
  `${path}: ${optimizer.iterations} steps are done, the learning rate is ${optimizer.learningRate.toFixed(4)}`,
)

const { batches, steps } = readSteps('python/steps.json')
for (const python of steps) {
  const step = takeStep(model, optimizer, batches)
  const factors = optimizer.clippingFactors.map((factor) => factor.toFixed(3)).join(' ')
  const apart = difference(step, python).toExponential(1)
  console.log(
    `step ${step.iterations}: loss ${step.loss.toFixed(5)}, clipping factors ${factors}, ${apart} from Python`,
  )
}
