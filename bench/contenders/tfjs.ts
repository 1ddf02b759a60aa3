import { INITIAL_ACCUMULATOR, type Problem, ROW_WIDTH, SETTINGS } from '../problem.ts'
import type { Contender, Prepared } from './contender.ts'
import type { Tensor, TensorFlow, TensorVariable } from './tensorflow.ts'

const BACKENDS = ['cpu', 'wasm'] as const

/** tf.js, best case: its tensors stay where the backend wants them and gradients are tensors already. */
export function tfjsContenders(tf: TensorFlow): Contender[] {
  return BACKENDS.flatMap((backend) => [
    {
      name: `tf.js ${backend}, Clippy composed`,
      formula: 'Clippy' as const,
      settings: SETTINGS,
      activate: () => activate(tf, backend),
      prepare: (problem) => prepareClippy(tf, problem),
    },
    {
      name: `tf.js ${backend}, its Adagrad`,
      formula: 'Adagrad' as const,
      settings: SETTINGS,
      activate: () => activate(tf, backend),
      // It has no sparse gradients.
      prepare: (problem) => (problem.indices === undefined ? prepareAdagrad(tf, problem) : undefined),
    },
  ])
}

async function activate(tf: TensorFlow, backend: string): Promise<void> {
  if (!(await tf.setBackend(backend))) throw new Error(`tf.js cannot start its ${backend} backend`)
  await tf.ready()
}

interface Tensors {
  readonly variable: TensorVariable
  readonly accumulator: TensorVariable
  readonly gradient: Tensor
}

function prepareClippy(tf: TensorFlow, problem: Problem): Prepared {
  const shape = shapeOf(problem)
  // Copies: on the cpu backend a tensor keeps the array it is made of, and tensorScatterUpdate writes to it.
  const first = (values: Float32Array) => tf.tensor(values.slice(), shape, 'float32')
  const variable = tf.variable(first(problem.variable))
  const accumulator = tf.variable(first(problem.accumulator))
  const rowShape = problem.indices === undefined ? shape : [problem.indices.length, ROW_WIDTH]
  const gradient = tf.tensor(problem.gradient, rowShape, 'float32')
  const tensors = { variable, accumulator, gradient }
  const indices = problem.indices && tf.tensor(problem.indices, [problem.indices.length], 'int32')
  return {
    step: indices === undefined ? () => denseStep(tf, tensors) : () => sparseStep(tf, tensors, indices),
    reset() {
      variable.assign(first(problem.variable))
      accumulator.assign(first(problem.accumulator))
    },
    read: () => ({ variable: variable.dataSync(), accumulator: accumulator.dataSync() }),
    dispose() {
      for (const tensor of [variable, accumulator, gradient, indices]) tensor?.dispose()
    },
  }
}

function denseStep(tf: TensorFlow, { variable, accumulator, gradient }: Tensors): void {
  tf.tidy(() => {
    const changes = clippedChanges(tf, variable, accumulator, gradient)
    variable.assign(tf.sub(variable, changes))
    accumulator.assign(tf.add(accumulator, tf.square(gradient)))
  })
}

function sparseStep(tf: TensorFlow, { variable, accumulator, gradient }: Tensors, indices: Tensor): void {
  tf.tidy(() => {
    const { values: rows, indices: places } = tf.unique(indices)
    const sums = tf.scatterND(tf.expandDims(places, 1), gradient, [rows.shape[0], ROW_WIDTH])
    const [w, a] = [tf.gather(variable, rows), tf.gather(accumulator, rows)]
    const targets = tf.expandDims(rows, 1)
    // On the wasm backend each of these two copies the table.
    variable.assign(tf.tensorScatterUpdate(variable, targets, tf.sub(w, clippedChanges(tf, w, a, sums))))
    accumulator.assign(tf.tensorScatterUpdate(accumulator, targets, tf.add(a, tf.square(sums))))
  })
}

/** factor · Δ. A Δ of 0 gives a room of Infinity, which the minimum ignores. */
function clippedChanges(tf: TensorFlow, w: Tensor, a: Tensor, g: Tensor): Tensor {
  const { learningRate, epsilon, variableRelativeThreshold, absoluteThreshold } = SETTINGS
  const changes = tf.div(tf.mul(g, learningRate), tf.sqrt(tf.add(a, epsilon)))
  const bounds = tf.add(tf.mul(tf.abs(w), variableRelativeThreshold), absoluteThreshold)
  const factor = tf.minimum(tf.min(tf.div(bounds, tf.abs(changes))), 1)
  return tf.mul(changes, factor)
}

function prepareAdagrad(tf: TensorFlow, problem: Problem): Prepared {
  const first = () => tf.tensor(problem.variable.slice(), shapeOf(problem), 'float32')
  const variable = tf.variable(first())
  const gradient = tf.tensor(problem.gradient, shapeOf(problem), 'float32')
  const optimizer = tf.train.adagrad(SETTINGS.learningRate, INITIAL_ACCUMULATOR)
  return {
    step: () => optimizer.applyGradients([{ name: variable.name, tensor: gradient }]),
    // Its accumulators cannot be reset; nothing in its step depends on them but the numbers.
    reset: () => variable.assign(first()),
    read: () => ({ variable: variable.dataSync(), accumulator: undefined }),
    dispose() {
      optimizer.dispose()
      for (const tensor of [variable, gradient]) tensor.dispose()
    },
  }
}

function shapeOf({ variable, indices }: Problem): number[] {
  return indices === undefined ? [variable.length] : [variable.length / ROW_WIDTH, ROW_WIDTH]
}
