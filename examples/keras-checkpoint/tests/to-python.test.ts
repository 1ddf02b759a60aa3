import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ClippyAdagrad, Variable } from 'clippy-adagrad'
import h5wasm, { Dataset, Group } from 'h5wasm'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readKerasFile, writeKerasFile } from '../keras-file.ts'
import { loadRun, modelFile, weightsFile } from '../run.ts'
import { takeStep } from '../steps.ts'
import { batches, kerasOfPython, newRun, python, refuses, unpacked, weightsOfPython } from './support.ts'

const test = suite('keras checkpoint: to Python')

const folder = mkdtempSync(join(tmpdir(), 'keras-checkpoint-'))
const [keras, weights] = [join(folder, 'run.keras'), join(folder, 'run.weights.h5')]
test.after(() => rmSync(folder, { recursive: true }))

/** A run from Python after some more steps, written to both files. */
function save(steps: number): ReturnType<typeof newRun> {
  const run = newRun()
  loadRun(run, kerasOfPython)
  for (let n = 0; n < steps; n++) takeStep(run.model, run.optimizer, batches)
  writeKerasFile(keras, modelFile(run, kerasOfPython))
  writeKerasFile(weights, weightsFile(run))
  return run
}

test('a saved run is read back from either file and takes the same next step, to the bit', () => {
  const saved = save(3)
  const read = [keras, weights].map((path) => {
    const run = newRun()
    loadRun(run, readKerasFile(path))
    return run
  })
  assert.is(saved.optimizer.iterations, 8)
  for (const { weights, optimizer } of read) assert.equal(weightsFile({ weights, optimizer }), weightsFile(saved))
  const [expected, ...steps] = [saved, ...read].map(({ model, optimizer }) => takeStep(model, optimizer, batches))
  for (const step of steps) assert.equal(step, expected)
})

test('a run that is only read and written has every bit that Python wrote', () => {
  save(0)
  const own = readKerasFile(weights).arrays
  for (const [path, array] of weightsOfPython.arrays) {
    if (!path.startsWith('metrics/')) assert.equal(own.get(path), array, path)
  }
})

/** Each array of an HDF5 file as a line, with all there is to say of it but its values; and the attributes of all. */
async function outline(bytes: Uint8Array): Promise<{ arrays: string[]; attributes: string[] }> {
  const { FS } = await h5wasm.ready
  FS.writeFile('/outline.h5', bytes)
  const file = new h5wasm.File('/outline.h5', 'r')
  const entries = file.paths().map((path) => [path, file.get(path)] as const)
  const arrays = entries.flatMap(([path, entry]) =>
    entry instanceof Dataset ? [`${path} ${JSON.stringify(entry.metadata)} ${JSON.stringify(entry.filters)}`] : [],
  )
  const all = [['', file] as const, ...entries]
  const attributes = all.flatMap(([path, entry]) =>
    Object.keys(entry !== null && 'attrs' in entry ? entry.attrs : {}).map((name) => `${path} ${name}`),
  )
  file.close()
  return { arrays: arrays.sort(), attributes }
}

test('the arrays are at the paths, and of the shapes and types, of those that Python writes', async () => {
  save(1)
  for (const [own, other] of [
    [readFileSync(weights), readFileSync(python('run.weights.h5'))],
    [unpacked(keras).weights, unpacked(python('run.keras')).weights],
  ]) {
    const [written, expected] = [await outline(own), await outline(other)]
    assert.equal(
      written.arrays,
      expected.arrays.filter((line) => !line.startsWith('metrics/')),
    )
    assert.is(written.arrays.length, 16)
    assert.equal(written.attributes, expected.attributes)
  }
})

test('there is the group of the model itself, which Keras opens although it is empty', async () => {
  save(1)
  const { FS } = await h5wasm.ready
  FS.writeFile('/groups.h5', readFileSync(weights))
  const file = new h5wasm.File('/groups.h5', 'r')
  assert.instance(file.get('vars'), Group)
  file.close()
})

test('a .keras has the files of the one that Python wrote, with the same model and losses', () => {
  save(1)
  const [own, other] = [unpacked(keras), unpacked(python('run.keras'))]
  assert.equal(own.names, other.names)
  assert.equal({ ...own.config, compile_config: null }, { ...other.config, compile_config: null })
  const loss = ({ config }: typeof own) => (config.compile_config as { loss: unknown }).loss
  assert.equal(loss(own), loss(other))
})

test('an optimizer that has taken no step is saved with the state that it starts from', () => {
  const run = newRun()
  const { arrays } = weightsFile(run)
  assert.equal(arrays.get('optimizer/vars/0'), { shape: [], values: BigInt64Array.of(0n) })
  assert.equal(arrays.get('optimizer/vars/9'), { shape: [1], values: Float32Array.of(0.1) })
  assert.is(arrays.size, 16)
})

test('an optimizer built for some of the weights loads and saves their state only', () => {
  const { weights, optimizer } = newRun()
  optimizer.build([...weights.values()].slice(1))
  const { arrays } = weightsFile({ weights, optimizer })
  assert.is(arrays.size, 5 + 1 + 2 * 4)
  assert.equal(arrays.get('optimizer/vars/1')?.shape, [7, 6])
  const other = newRun()
  other.optimizer.build([...other.weights.values()].slice(1))
  loadRun(other, { arrays })
  refuses(() => loadRun(newRun(), { arrays }), 'optimizer/vars/1', '[7,6]', '[12,4]')
})

test('a weight in double precision is saved and loaded in double precision, with its slots', () => {
  const kernel = new Variable(Float64Array.of(1 / 3, 2), { name: 'kernel' })
  const run = {
    weights: new Map([['layers/dense/vars/0', kernel]]),
    optimizer: new ClippyAdagrad({ exportClippingFactors: true }),
  }
  run.optimizer.applyGradients([[Float64Array.of(0.1, 0.2), kernel]])
  writeKerasFile(weights, weightsFile(run))
  const read = readKerasFile(weights).arrays
  for (const name of ['layers/dense/vars/0', 'optimizer/vars/1', 'optimizer/vars/2']) {
    assert.instance(read.get(name)?.values, Float64Array, name)
  }
  assert.equal(read.get('optimizer/vars/2')?.values, Float64Array.from(run.optimizer.clippingFactors))
})

test.run()
