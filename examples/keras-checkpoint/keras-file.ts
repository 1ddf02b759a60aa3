import { readFileSync, writeFileSync } from 'node:fs'
import { unzipSync, zipSync } from 'fflate'
import { type KerasArrays, readHdf5, writeHdf5 } from './hdf5.ts'

/** What is in a `.weights.h5`; or in a `.keras`, which is an archive of one and of files that describe the model. */
export interface KerasFile {
  readonly arrays: KerasArrays
  /** The text of `config.json`: the model's layers and, in `compile_config`, its optimizer's options. */
  readonly config?: string | undefined
  /** All else in the archive, by name. */
  readonly others?: Readonly<Record<string, Uint8Array>> | undefined
}

/** Reads a `.keras` or `.weights.h5`. */
export function readKerasFile(path: string): KerasFile {
  const bytes = readFileSync(path)
  if (!isArchive(path)) return { arrays: readHdf5(bytes) }
  const { 'model.weights.h5': weights, 'config.json': config, ...others } = unzipSync(bytes)
  if (weights === undefined || config === undefined) {
    throw new RangeError(`${path} lacks model.weights.h5 or config.json; expected what model.save wrote`)
  }
  return { arrays: readHdf5(weights), config: new TextDecoder().decode(config), others }
}

/** Writes a `.keras`, for which `file` needs a config, or a `.weights.h5`, in which it is left out. */
export function writeKerasFile(path: string, file: KerasFile): void {
  writeFileSync(path, isArchive(path) ? archive(path, file) : writeHdf5(file.arrays))
}

function archive(path: string, { arrays, config, others }: KerasFile): Uint8Array {
  if (config === undefined) {
    throw new RangeError(`${path} needs the model's config; begin with a .keras that Python saved`)
  }
  const [text, weights] = [new TextEncoder().encode(config), writeHdf5(arrays)]
  return zipSync({ ...others, 'config.json': text, 'model.weights.h5': weights }, { level: 0 })
}

function isArchive(path: string): boolean {
  if (path.endsWith('.keras')) return true
  if (path.endsWith('.weights.h5')) return false
  throw new RangeError(`${path} is neither a .keras nor a .weights.h5`)
}
