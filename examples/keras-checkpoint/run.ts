import type { ClippyAdagrad, Store, Variable } from 'clippy-adagrad'
import { layerGroups, withOptimizer } from './config.ts'
import type { KerasArray } from './hdf5.ts'
import type { KerasFile } from './keras-file.ts'

/** A training run: what has to move for the other language to go on with it. */
export interface Run {
  /** By path in the file, such as `layers/dense/vars/0`, in the order of Python's `model.trainable_variables`. */
  readonly weights: ReadonlyMap<string, Variable>
  /** Is built here for all the weights in their order; build it yourself, before, where it trains some of them only. */
  readonly optimizer: ClippyAdagrad
}

const STATE = 'optimizer/vars/'

/**
 * Puts the weights and optimizer state of a file into a run. Throws RangeError that names the first path that does not
 * fit; no weight and no state has changed then.
 */
export function loadRun({ weights, optimizer }: Run, file: KerasFile): void {
  requireLayerOrder(file, weights)
  requireSame(file, [...weightArrays(weights), ...stateArrays({ weights, optimizer })], ['metrics/'])
  const store: Store = {}
  for (const [path, { values }] of file.arrays) {
    // Only until loadOwnVariables takes int64 counts and float32 factors: then the values will do as they are.
    if (path.startsWith(STATE)) store[path.slice(STATE.length)] = Array.from<number | bigint, number>(values, Number)
  }
  optimizer.loadOwnVariables(store)
  for (const [path, { values }] of file.arrays) {
    if (!(values instanceof BigInt64Array)) weights.get(path)?.value.set(values)
  }
}

/** The file of a run: for a `.weights.h5`. */
export function weightsFile(run: Run): KerasFile {
  return { arrays: new Map([...weightArrays(run.weights), ...stateArrays(run)]) }
}

/**
 * The file of a run with the model around it: for a `.keras`. `model` is one that Python saved of this model after
 * `compile`; its optimizer is replaced. Throws RangeError that names the first path that does not fit.
 */
export function modelFile(run: Run, model: KerasFile): KerasFile {
  requireLayerOrder(model, run.weights)
  requireSame(model, weightArrays(run.weights), ['metrics/', 'optimizer/'])
  return { ...withOptimizer(model, run.optimizer), ...weightsFile(run) }
}

type NamedArray = readonly [path: string, array: KerasArray]

function weightArrays(weights: Run['weights']): NamedArray[] {
  return [...weights].map(([path, { shape, value }]) => [path, { shape, values: value }])
}

function stateArrays({ weights, optimizer }: Run): NamedArray[] {
  if (!optimizer.built) optimizer.build([...weights.values()])
  return optimizer.variables.map(({ name, shape, value }, k, variables) => {
    const isFactor = name.includes('/clipping_factor/')
    let values: KerasArray['values'] = value
    if (k === 0) values = BigInt64Array.of(BigInt(value[0]))
    // A double here; in Keras of the precision of its accumulator, which stands before it.
    else if (isFactor && variables[k - 1].value instanceof Float32Array) values = Float32Array.from(value)
    return [STATE + k, { shape, values }]
  })
}

/**
 * The optimizer's state has no names in a file, only places in the order of `model.trainable_variables`. Were the
 * weights in another order, two of one shape would get each other's state unseen. So where the file tells the order of
 * the layers, as a .keras does, the weights have to be in it.
 */
function requireLayerOrder(file: KerasFile, weights: Run['weights']): void {
  const groups = layerGroups(file)
  let last = 0
  for (const path of weights.keys()) {
    const place = groups.findIndex((group) => path.startsWith(`${group}/`))
    if (place === -1) continue
    if (place < last) {
      throw new RangeError(`${path} is before ${groups[last]} in the file's model; give the weights in its order`)
    }
    last = place
  }
}

/** Throws RangeError where a path, shape or type differs; what the file has below one of `apart` does not count. */
function requireSame({ arrays }: KerasFile, expected: readonly NamedArray[], apart: readonly string[]): void {
  for (const [path, array] of expected) {
    const found = arrays.get(path)
    if (found === undefined) throw new RangeError(`the file has no ${path}; expected ${kindOf(array)}`)
    if (kindOf(found) !== kindOf(array)) {
      throw new RangeError(`${path} is ${kindOf(found)} in the file; expected ${kindOf(array)}`)
    }
  }
  const paths = new Set(expected.map(([path]) => path))
  for (const [path, array] of arrays) {
    if (paths.has(path) || apart.some((prefix) => path.startsWith(prefix))) continue
    throw new RangeError(`the file has ${path}, ${kindOf(array)}; the run has nothing for it`)
  }
}

function kindOf({ shape, values }: KerasArray): string {
  return `${values.constructor.name} [${shape}]`
}
