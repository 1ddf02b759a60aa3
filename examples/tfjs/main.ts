/**
 * `npm start`: a model with an embedding trains with ClippyAdagrad, is saved with its optimizer in the middle, and goes
 * on from there: it ends with the weights of the run that never stopped.
 */
import * as tf from '@tensorflow/tfjs'
import { ClippyAdagradOptimizer } from './clippy-adagrad-optimizer.ts'

/** Four users and their ratings: each likes one pair of items and dislikes the other. */
const x = tf.tensor2d([0, 1, 2, 3, 0, 1, 2, 3], [8, 1])
const y = tf.tensor2d([1, 1, -1, -1, 1, 1, -1, -1], [8, 1])

const model = tf.sequential({
  layers: [
    tf.layers.embedding({ inputDim: 4, outputDim: 3, inputLength: 1, embeddingsInitializer: uniform(1) }),
    tf.layers.flatten(),
    tf.layers.dense({ units: 1, kernelInitializer: uniform(2) }),
  ],
})

function uniform(seed: number) {
  return tf.initializers.randomUniform({ minval: -1, maxval: 1, seed })
}

// In memory; 'indexeddb://model' in a browser and 'file://model' with tfjs-node are such places too.
let saved: tf.io.ModelArtifacts = {}
const place: tf.io.IOHandler = {
  load: async () => saved,
  save: async (artifacts) => {
    saved = artifacts
    return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } }
  },
}

const optimizer = new ClippyAdagradOptimizer({ learningRate: 0.5, absoluteThreshold: 0.01 })
model.compile({ optimizer, loss: 'meanSquaredError' })
await model.fit(x, y, { epochs: 10, shuffle: false, verbose: 0 })
await model.save(place, { includeOptimizer: true })
const resumed = await tf.loadLayersModel(place)

for (const [name, run] of Object.entries({ 'never stopped': model, resumed })) {
  const { history } = await run.fit(x, y, { epochs: 10, shuffle: false, verbose: 0 })
  console.log(
    `${name}: step ${run.optimizer.iterations}, loss ${Number(history.loss[0]).toFixed(6)} to ${Number(history.loss[9]).toFixed(6)}`,
  )
}
const weights = (run: tf.LayersModel): string =>
  run
    .getWeights()
    .map((weight) => weight.dataSync().join())
    .join()
console.log(weights(model) === weights(resumed) ? 'the same weights' : 'OTHER WEIGHTS')
