// Run with: npx tsx to-python.ts [FILE]
//
// Takes five steps, saves the run for Python, and writes down the next five steps, which Python is to take too. The run
// is a new one, or goes on with that of FILE, a .keras.

import { mkdirSync } from 'node:fs'
import { ClippyAdagrad, InverseTimeDecay } from 'clippy-adagrad'
import { optimizerConfig } from './config.ts'
import { readKerasFile, writeKerasFile } from './keras-file.ts'
import { ClickModel } from './model.ts'
import { loadRun, modelFile, weightsFile } from './run.ts'
import { readSteps, takeStep, writeSteps } from './steps.ts'

const [path] = process.argv.slice(2)
// A .keras describes the model's layers, which only Python can write: so each begins with one from there.
const python = readKerasFile(path ?? 'python/run.keras')

const model = new ClickModel(1)
const optimizer =
  path === undefined
    ? new ClippyAdagrad({
        learningRate: new InverseTimeDecay({ initialLearningRate: 1, decaySteps: 10, decayRate: 0.5 }),
        variableRelativeThreshold: 0.3,
        absoluteThreshold: 0.01,
        exportClippingFactors: true,
      })
    : ClippyAdagrad.fromConfig(optimizerConfig(python))
const run = { weights: model.weights, optimizer }
if (path !== undefined) loadRun(run, python)

const { batches } = readSteps('python/steps.json')
for (let n = 0; n < 5; n++) takeStep(model, optimizer, batches)

mkdirSync('javascript', { recursive: true })
writeKerasFile('javascript/run.keras', modelFile(run, python))
writeKerasFile('javascript/run.weights.h5', weightsFile(run))
console.log(`javascript/run.keras, javascript/run.weights.h5: ${optimizer.iterations} steps`)

const steps = batches.map(() => takeStep(model, optimizer, batches))
writeSteps('javascript/steps.json', { batches, steps })
console.log(`javascript/steps.json: steps ${steps[0].iterations} to ${optimizer.iterations}`)
