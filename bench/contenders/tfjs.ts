import { INITIAL_ACCUMULATOR, type Problem, ROW_WIDTH, SETTINGS } from '../problem.ts'
import type { Contender } from './contender.ts'
import { loadTensorFlow, type Tensor, type TensorFlow, type TensorVariable } from './tensorflow.ts'

/** tf.js on one backend, best case: its tensors stay where the backend wants them and gradients are tensors already. */
export async function loadTfjs(backend: 'cpu' | 'wasm') {
  const tf = await loadTensorFlow(backend)
  return {
    clippy: (problem: Problem) => clippy(tf, `tf.js ${backend}, Clippy composed`, problem),
    /** For dense gradients only: it has no sparse ones. */
    adagrad: (problem: Problem) => adagrad(tf, `tf.js ${backend}, its Adagrad`, problem),
  }
}

interface Tensors {
  readonly variable: TensorVariable
  readonly accumulator: TensorVariable
  readonly gradient: Tensor
}

function clippy(tf: TensorFlow, name: string, problem: Problem): Contender {
  const shape = shapeOf(problem)
  const isDense = problem.spec.kind === 'dense'
  // Copies: on the cpu backend a tensor keeps the array it is made of, and tensorScatterUpdate writes to it.
  const first = (values: Float32Array) => tf.tensor(values.slice(), shape, 'float32')
  const variable = tf.variable(first(problem.variable))
  const accumulator = tf.variable(first(problem.accumulator))
  const batches = problem.batches.map(({ indices, values }) => ({
    indices: tf.tensor(indices, [indices.length], 'int32'),
    gradient: tf.tensor(values, isDense ? shape : [indices.length, ROW_WIDTH], 'float32'),
  }))
  let next = 0
  return {
    name,
    step() {
      const { indices, gradient } = batches[next]
      next = (next + 1) % batches.length
      const tensors = { variable, accumulator, gradient }
      if (isDense) denseStep(tf, tensors)
      else sparseStep(tf, tensors, indices)
    },
    reset() {
      next = 0
      replace(variable, first(problem.variable))
      replace(accumulator, first(problem.accumulator))
    },
    read: () => ({ variable: variable.dataSync(), accumulator: accumulator.dataSync() }),
    dispose() {
      const given = batches.flatMap(({ indices, gradient }) => [indices, gradient])
      for (const tensor of [variable, accumulator, ...given]) tensor.dispose()
    },
  }
}

/** A variable keeps a reference of its own to the values that it is assigned. */
function replace(variable: TensorVariable, values: Tensor): void {
  variable.assign(values)
  values.dispose()
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

function adagrad(tf: TensorFlow, name: string, problem: Problem): Contender {
  const first = () => tf.tensor(problem.variable.slice(), shapeOf(problem), 'float32')
  const variable = tf.variable(first())
  const gradient = tf.tensor(problem.gradient, shapeOf(problem), 'float32')
  let optimizer = tf.train.adagrad(SETTINGS.learningRate, INITIAL_ACCUMULATOR)
  return {
    name,
    step: () => optimizer.applyGradients([{ name: variable.name, tensor: gradient }]),
    reset() {
      replace(variable, first())
      // It has no other way to begin anew.
      optimizer.dispose()
      optimizer = tf.train.adagrad(SETTINGS.learningRate, INITIAL_ACCUMULATOR)
    },
    read: () => ({ variable: variable.dataSync() }),
    dispose() {
      for (const each of [optimizer, variable, gradient]) each.dispose()
    },
  }
}

function shapeOf({ spec, variable }: Problem): number[] {
  return spec.kind === 'dense' ? [variable.length] : [variable.length / ROW_WIDTH, ROW_WIDTH]
}
