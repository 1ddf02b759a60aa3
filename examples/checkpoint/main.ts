// Run with: npx tsx examples/checkpoint/main.ts [epochs] [file]
//
// Stop it whenever you like, with kill -9 too, and start it again: it goes on after the last epoch that it saved, and ends
// with the same bits as if it had never stopped.

import { fileURLToPath } from 'node:url'
import { ClippyAdagrad, InverseTimeDecay } from 'clippy-adagrad'
import { loadCheckpoint, saveCheckpoint } from './checkpoint.ts'
import { batches, LinearModel, makeData } from './model.ts'

const [epochs = '20', file = fileURLToPath(new URL('checkpoint.bin', import.meta.url))] = process.argv.slice(2)

const data = makeData()
const model = new LinearModel()
const optimizer = new ClippyAdagrad({
  // The state has the number of steps, so a schedule goes on where it was.
  learningRate: new InverseTimeDecay({ initialLearningRate: 0.1, decaySteps: 1000, decayRate: 0.5 }),
  variableRelativeThreshold: 0.5,
  absoluteThreshold: 0.01,
})

const done = loadCheckpoint(file, model.weights, optimizer)
if (done >= Number(epochs)) {
  console.log(`all ${done} epochs are done; ask for more, such as ${done + 20}, or delete ${file} to begin anew`)
} else if (done > 0) {
  console.log(`going on after epoch ${done}`)
}

for (let epoch = done + 1; epoch <= Number(epochs); epoch++) {
  let loss = 0
  const parts = batches(epoch, 32)
  for (const rows of parts) {
    loss += model.lossAndGradients(data, rows) / parts.length
    optimizer.applyGradients(model.weights.map((weights, k) => [model.gradients[k], weights]))
  }
  saveCheckpoint(file, epoch, model.weights, optimizer)
  console.log(`epoch ${epoch}: loss ${loss.toFixed(5)}`)
}
