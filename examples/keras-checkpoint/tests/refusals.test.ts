import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ClippyAdagrad } from 'clippy-adagrad'
import { zipSync } from 'fflate'
import h5wasm from 'h5wasm'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { optimizerConfig, withOptimizer } from '../config.ts'
import { readHdf5 } from '../hdf5.ts'
import { type KerasFile, readKerasFile, writeKerasFile } from '../keras-file.ts'
import { loadRun, modelFile, type Run, weightsFile } from '../run.ts'
import { arrayAt, kerasOfPython, newRun, refuses, stateOf, weightsOfPython, withArray } from './support.ts'

const test = suite('keras checkpoint: refusals')

const { FS } = await h5wasm.ready
const folder = mkdtempSync(join(tmpdir(), 'keras-checkpoint-'))
test.after(() => rmSync(folder, { recursive: true }))

/** Loading is refused with these words, and has changed nothing. */
function refusesToLoad(run: Run, file: KerasFile, ...words: readonly string[]): void {
  run.optimizer.build([...run.weights.values()])
  const before = stateOf(run)
  refuses(() => loadRun(run, file), ...words)
  assert.is(stateOf(run), before)
}

const paths = [...weightsOfPython.arrays.keys()].filter((path) => !path.startsWith('metrics/'))

test('an array that the file lacks is named with what was expected', () => {
  assert.is(paths.length, 16)
  for (const path of paths) {
    refusesToLoad(newRun(), withArray(weightsOfPython, path, undefined), `no ${path};`, 'expected')
  }
})

test('an array of as many values and another shape is named with both shapes', () => {
  for (const path of paths) {
    const { shape, values } = arrayAt(weightsOfPython, path)
    const other = { shape: [1, ...shape], values }
    refusesToLoad(newRun(), withArray(weightsOfPython, path, other), path, `[${shape}]`, `[${[1, ...shape]}]`)
  }
})

test('an array of another precision is named', () => {
  for (const path of paths) {
    const { shape, values } = arrayAt(weightsOfPython, path)
    const other = { shape, values: Float64Array.from({ length: values.length }, () => 1) }
    refusesToLoad(newRun(), withArray(weightsOfPython, path, other), path, 'Float64Array')
  }
})

test('an array that the run has nothing for is named, unless it is of a metric', () => {
  const extra = { shape: [2], values: Float32Array.of(1, 2) }
  for (const path of ['layers/dense_2/vars/0', 'optimizer/vars/11', 'head/vars/0']) {
    refusesToLoad(newRun(), withArray(weightsOfPython, path, extra), path)
  }
  loadRun(newRun(), withArray(weightsOfPython, 'metrics/auc/vars/0', extra))
})

test('of several arrays that do not fit the first is named, in the order of the weights', () => {
  const [table, kernel, state] = ['layers/embedding/vars/0', 'layers/dense/vars/0', 'optimizer/vars/3']
  const without = (...missing: string[]) =>
    missing.reduce<KerasFile>((file, path) => withArray(file, path, undefined), weightsOfPython)
  refusesToLoad(newRun(), without(state, kernel, table), `no ${table};`)
  refusesToLoad(newRun(), without(state, kernel), `no ${kernel};`)
})

test('weights in another order than the layers of the model are refused, as their state would be swapped', () => {
  const { weights, optimizer } = newRun()
  const swapped = new Map([...weights].reverse())
  refusesToLoad({ weights: swapped, optimizer }, kerasOfPython, 'layers/dense/vars/1', 'layers/dense_1')
  refuses(() => modelFile({ weights: swapped, optimizer: newRun().optimizer }, kerasOfPython), 'layers/dense/vars/1')
})

test('a .keras of another model is refused as the frame of a run, one of another optimizer is not', () => {
  const run = newRun()
  const path = 'layers/dense_1/vars/0'
  refuses(() => modelFile(run, withArray(kerasOfPython, path, undefined)), `no ${path};`)
  const extra = { shape: [1], values: Float32Array.of(1) }
  refuses(() => modelFile(run, withArray(kerasOfPython, 'layers/dense_2/vars/0', extra)), 'layers/dense_2/vars/0')
  modelFile(run, withArray(kerasOfPython, 'optimizer/vars/11', extra))
})

test('where a file has no optimizer config, the message says which files have one', () => {
  for (const config of [undefined, '{"compile_config": null}', '{}']) {
    refuses(() => optimizerConfig({ arrays: new Map(), config }), 'no optimizer config', '.keras')
    refuses(() => withOptimizer({ arrays: new Map(), config }, new ClippyAdagrad()), 'no optimizer config')
  }
  // Nor is that of a model inside of this one meant.
  const inner = '{"config": {"layers": [{"compile_config": {"optimizer": {}}}]}, "compile_config": null}'
  refuses(() => optimizerConfig({ arrays: new Map(), config: inner }), 'no optimizer config')
})

test('files that are not what their names say are refused', () => {
  const path = (name: string) => join(folder, name)
  writeFileSync(path('empty.weights.h5'), '')
  refuses(() => readKerasFile(path('empty.weights.h5')), 'no HDF5 file')
  writeFileSync(path('half.keras'), zipSync({ 'config.json': new Uint8Array(2) }))
  refuses(() => readKerasFile(path('half.keras')), 'half.keras', 'model.weights.h5')
  writeFileSync(path('run.h5'), '')
  refuses(() => readKerasFile(path('run.h5')), 'run.h5', '.weights.h5')
  refuses(() => writeKerasFile(path('run.keras'), weightsFile(newRun())), 'run.keras', 'config')
  refuses(() => writeKerasFile(path('run.h5'), weightsFile(newRun())), 'run.h5')
})

test('an array of a type that Keras models do not have is named', () => {
  const file = new h5wasm.File('/int16.h5', 'w')
  file.create_dataset({ name: 'odd', data: Int16Array.of(1, 2) })
  file.close()
  const bytes = FS.readFile('/int16.h5')
  assert.throws(() => readHdf5(bytes), /^odd is of the HDF5 type "<h"; expected float32/)
})

test.run()
