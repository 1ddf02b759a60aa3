import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ClippyAdagrad } from 'clippy-adagrad'
import { unzipSync } from 'fflate'
import * as assert from 'uvu/assert'
import { optimizerConfig } from '../config.ts'
import type { KerasArray } from '../hdf5.ts'
import { type KerasFile, readKerasFile } from '../keras-file.ts'
import { ClickModel } from '../model.ts'
import type { Run } from '../run.ts'
import { readSteps } from '../steps.ts'

export const FOLDER = fileURLToPath(new URL('..', import.meta.url))

/** A file that Python wrote. */
export function python(name: string): string {
  return `${FOLDER}/python/${name}`
}

export const kerasOfPython: KerasFile = readKerasFile(python('run.keras'))
export const weightsOfPython: KerasFile = readKerasFile(python('run.weights.h5'))
export const { batches, steps: stepsOfPython } = readSteps(python('steps.json'))

/** A run before its first step, with the options that Python's has. */
export function newRun(): Run & { readonly model: ClickModel } {
  const model = new ClickModel(1)
  return { model, weights: model.weights, optimizer: ClippyAdagrad.fromConfig(optimizerConfig(kerasOfPython)) }
}

export function arrayAt({ arrays }: KerasFile, path: string): KerasArray {
  const array = arrays.get(path)
  if (array === undefined) throw new Error(`there is no ${path}`)
  return array
}

/** A copy of a file in which one array is another, or missing. */
export function withArray(file: KerasFile, path: string, array: KerasArray | undefined): KerasFile {
  const arrays = new Map(file.arrays)
  if (array === undefined) arrays.delete(path)
  else arrays.set(path, array)
  return { ...file, arrays }
}

/** The names in an archive, in their order, and what is in config.json. */
export function unpacked(path: string): { names: string[]; config: Record<string, unknown>; weights: Uint8Array } {
  const files = unzipSync(readFileSync(path))
  const config = JSON.parse(new TextDecoder().decode(files['config.json']))
  return { names: Object.keys(files).sort(), config, weights: files['model.weights.h5'] }
}

/** All that loading may change, to the bit. */
export function stateOf({ weights, optimizer }: Run): string {
  const variables = [...weights.values(), ...(optimizer.built ? optimizer.variables : [])]
  return variables.map(({ name, value }) => `${name} ${Buffer.from(value.slice().buffer).toString('hex')}`).join('\n')
}

/** Throws unless the call throws a RangeError whose message has these words. */
export function refuses(call: () => unknown, ...words: readonly string[]): void {
  assert.throws(call, (error: unknown) => {
    assert.instance(error, RangeError)
    for (const word of words) assert.ok(String(error).includes(word), `${error} says ${word}`)
    return true
  })
}
