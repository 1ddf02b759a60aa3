import h5wasm, { Dataset } from 'h5wasm'

/** Weights and slots are in float32 or float64, counts in int64; row-major. A single number has the shape []. */
export interface KerasArray {
  readonly shape: readonly number[]
  readonly values: Float32Array | Float64Array | BigInt64Array
}

/** By path, such as `layers/dense/vars/0`. */
export type KerasArrays = ReadonlyMap<string, KerasArray>

const { FS } = await h5wasm.ready
/** In h5wasm's own memory: nothing here touches the disk. */
const SCRATCH = '/scratch.h5'

/** Every array of an HDF5 file; its empty groups are left out. Throws TypeError for an array of another type. */
export function readHdf5(bytes: Uint8Array): KerasArrays {
  FS.writeFile(SCRATCH, bytes)
  const file = new h5wasm.File(SCRATCH, 'r')
  if (file.file_id < 0) throw new RangeError('this is no HDF5 file, or a part of one')
  try {
    const entries = file.paths().map((path) => [path, file.get(path)] as const)
    return new Map(entries.flatMap(([path, entry]) => (entry instanceof Dataset ? [[path, arrayOf(path, entry)]] : [])))
  } finally {
    file.close()
    FS.unlink(SCRATCH)
  }
}

function arrayOf(path: string, { value, dtype, shape }: Dataset): KerasArray {
  return { shape: shape ?? [], values: valuesOf() }

  function valuesOf(): KerasArray['values'] {
    if (value instanceof Float32Array || value instanceof Float64Array || value instanceof BigInt64Array) return value
    // h5wasm gives a bare number for an array of shape [].
    if (dtype === '<f') return Float32Array.of(Number(value))
    if (dtype === '<d') return Float64Array.of(Number(value))
    if (dtype === '<q') return BigInt64Array.of(BigInt(String(value)))
    throw new TypeError(`${path} is of the HDF5 type ${JSON.stringify(dtype)}; expected float32, float64 or int64`)
  }
}

/** An HDF5 file as Keras reads it. */
export function writeHdf5(arrays: KerasArrays): Uint8Array {
  const file = new h5wasm.File(SCRATCH, 'w')
  try {
    // Keras opens the group of the model's own variables, whether it has any or not.
    for (const group of new Set(['vars', ...[...arrays.keys()].flatMap(groupsAbove)])) file.create_group(group)
    for (const [name, { shape, values }] of arrays) file.create_dataset({ name, data: values, shape: [...shape] })
  } finally {
    file.close()
  }
  const bytes = FS.readFile(SCRATCH)
  FS.unlink(SCRATCH)
  return bytes
}

/** `a/b/c` → `a`, `a/b`. */
function groupsAbove(path: string): string[] {
  const parts = path.split('/')
  return parts.slice(1).map((_, k) => parts.slice(0, k + 1).join('/'))
}
