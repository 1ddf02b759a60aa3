import { readFileSync } from 'node:fs'
import * as tf from '@tensorflow/tfjs'
import type { ClippyAdagradOptions } from 'clippy-adagrad'
import * as assert from 'uvu/assert'
import { ClippyAdagradOptimizer } from '../clippy-adagrad-optimizer.ts'

/** What tests/reference/recorder/fitted_model.py recorded of a run in Keras. */
export interface RecordedRun {
  readonly name: string
  readonly options: Omit<ClippyAdagradOptions, 'learningRate'> & { readonly learningRate: number | RecordedSchedule }
  readonly weights: readonly { readonly shape: number[]; readonly value: number[] }[]
  readonly steps: readonly RecordedStep[]
}

export interface RecordedSchedule {
  readonly class: string
  readonly options: object
}

export interface RecordedStep {
  readonly ids: number[][]
  readonly targets: number[]
  readonly weights: readonly number[][]
  readonly accumulators: readonly number[][]
  /** Empty where they were not exported. */
  readonly factors: number[]
}

export const RUNS: readonly RecordedRun[] = JSON.parse(
  readFileSync(new URL('../../../tests/reference/fixtures/fitted-model.json', import.meta.url), 'utf8'),
).cases

/** The thresholds of the paper, with which every weight of the model moves. */
export const PAPER = { learningRate: 1, variableRelativeThreshold: 0.5, absoluteThreshold: 0.01 }

/** The recorded model, with the weights that a run starts from. */
export function buildModel({ weights } = RUNS[0]): tf.Sequential {
  const [table, kernel] = weights
  const [ids, width] = table.shape
  const [inputs, units] = kernel.shape
  const model = tf.sequential({
    layers: [
      tf.layers.embedding({ inputDim: ids, outputDim: width, inputLength: inputs / width }),
      tf.layers.flatten(),
      tf.layers.dense({ units, activation: 'tanh' }),
      tf.layers.dense({ units: 1 }),
    ],
  })
  tf.tidy(() => model.setWeights(weights.map(({ shape, value }) => tf.tensor(value, shape))))
  return model
}

/** The recorded model, compiled for training. */
export function compiled(options: ClippyAdagradOptions): { model: tf.Sequential; optimizer: ClippyAdagradOptimizer } {
  const model = buildModel()
  const optimizer = new ClippyAdagradOptimizer(options)
  model.compile({ optimizer, loss: 'meanSquaredError' })
  return { model, optimizer }
}

export type Batch = Pick<RecordedStep, 'ids' | 'targets'>

/** The recorded batches. */
export const BATCHES: readonly Batch[] = RUNS[0].steps

/** One step for each batch. */
export async function fit(
  model: tf.LayersModel,
  batches: readonly Batch[],
  callbacks: tf.CustomCallbackArgs = {},
): Promise<void> {
  for (const { ids, targets } of batches) {
    const [x, y] = [tf.tensor2d(ids), tf.tensor2d(targets, [targets.length, 1])]
    try {
      await model.fit(x, y, { batchSize: ids.length, shuffle: false, verbose: 0, callbacks })
    } finally {
      tf.dispose([x, y])
    }
  }
}

/** Copies of a model's weights. */
export function weightsOf(model: tf.LayersModel): Float32Array[] {
  return model.getWeights().map((weight) => weight.dataSync<'float32'>().slice())
}

/** Copies of an optimizer's state, as tf.js would save it. */
export async function stateOf(optimizer: tf.Optimizer): Promise<(Float32Array | Int32Array)[]> {
  const weights = await optimizer.getWeights()
  return weights.map(({ tensor }) => tensor.dataSync<'float32' | 'int32'>().slice())
}

/** A place to save a model to: the text of its model.json and the bytes beside it, as in a file. */
export function memoryFile(): tf.io.IOHandler {
  let text = ''
  let bytes = new ArrayBuffer(0)
  return {
    save: async ({ weightData, ...rest }) => {
      text = JSON.stringify(rest)
      bytes = new Uint8Array(tf.io.CompositeArrayBuffer.join(weightData)).slice().buffer
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } }
    },
    load: async () => ({ ...JSON.parse(text), weightData: bytes }),
  }
}

/** What a model becomes when it is saved and loaded. */
export async function reloaded(model: tf.LayersModel): Promise<tf.LayersModel> {
  const file = memoryFile()
  await model.save(file, { includeOptimizer: true })
  return tf.loadLayersModel(file)
}

export function optimizerOf(model: tf.LayersModel): ClippyAdagradOptimizer {
  const { optimizer } = model
  if (!(optimizer instanceof ClippyAdagradOptimizer)) throw new Error(`not our optimizer: ${optimizer.getClassName()}`)
  return optimizer
}

type Numbers = Float32Array | Int32Array

/** Equal bit for bit: 0 is not −0. */
export function sameBits(actual: readonly Numbers[], expected: readonly Numbers[], what: string): void {
  assert.is(actual.length, expected.length, what)
  for (const [k, values] of expected.entries()) {
    assert.is(actual[k].constructor, values.constructor, `${what} ${k}`)
    assert.is(actual[k].length, values.length, `${what} ${k}`)
    for (const [i, value] of values.entries()) {
      if (!Object.is(actual[k][i], value)) assert.unreachable(`${what} ${k}[${i}] is ${actual[k][i]}, not ${value}`)
    }
  }
}

/** No number further from the expected one than `tolerance` of the larger of 1 and itself. */
export function close(actual: ArrayLike<number>, expected: readonly number[], tolerance: number, what: string): void {
  assert.is(actual.length, expected.length, what)
  for (const [i, want] of expected.entries()) {
    // Not `> tolerance`, which a NaN would pass.
    const isClose = Math.abs(actual[i] - want) <= tolerance * Math.max(1, Math.abs(want))
    if (!isClose) assert.unreachable(`${what}[${i}] is ${actual[i]}; expected ${want}`)
  }
}

/** What the promise is refused with. */
export async function refusalOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise
  } catch (error) {
    if (error instanceof Error) return error
    throw error
  }
  throw new Error('expected an error, and nothing was thrown')
}
