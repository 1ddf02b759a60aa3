import { describe } from '../../shared/check.ts'
import type { FloatArray, Gradient, SparseGradient } from '../types.ts'

/** A sparse gradient that is known to name no row twice. */
class UniqueRows implements SparseGradient {
  constructor(
    readonly indices: SparseGradient['indices'],
    readonly values: FloatArray,
  ) {}
}

/** Whether a gradient names rows. */
export function isSparse(gradient: Gradient): gradient is SparseGradient {
  return 'indices' in gradient && 'values' in gradient
}

/** The values of a gradient: all of a dense one, those of its rows of a sparse one. */
export function valuesOf(gradient: Gradient): FloatArray {
  return isSparse(gradient) ? gradient.values : gradient
}

/** Where in the variable the `j`-th value of a gradient belongs; `rows` is undefined for a dense one. */
export function coordinateOf(j: number, rows: ArrayLike<number> | undefined, width: number): number {
  return rows === undefined ? j : rows[Math.floor(j / width)] * width + (j % width)
}

/** Width of a row of a sparse gradient that has been checked; 0 without rows. */
export function widthOf({ indices, values }: SparseGradient): number {
  return indices.length === 0 ? 0 : values.length / indices.length
}

/**
 * Width of a row of a sparse gradient, 0 without rows. Throws TypeError or RangeError where the parts do not fit together or an index is not a row.
 */
export function sparseWidth(gradient: SparseGradient, variableLength: number): number {
  const { indices, values } = gradient
  if (!(Array.isArray(indices) || indices instanceof Int32Array || indices instanceof Uint32Array)) {
    throw new TypeError(`gradient.indices is ${describe(indices)}; expected an Int32Array, Uint32Array or number[]`)
  }
  const count = indices.length
  // Rows of no width belong to a variable of no length.
  const isWhole = count === 0 ? values.length === 0 : values.length % count === 0
  if (!isWhole || (count > 0 && values.length === 0 && variableLength > 0)) {
    throw new RangeError(
      `gradient.values has length ${values.length}; expected a whole row for each of the ${count} indices`,
    )
  }
  const width = widthOf(gradient)
  if (width > 0 && variableLength % width !== 0) {
    throw new RangeError(`gradient rows have width ${width}, which does not divide the variable's ${variableLength}`)
  }
  const rows = width === 0 ? Number.POSITIVE_INFINITY : variableLength / width
  for (let k = 0; k < count; k++) {
    const index = indices[k]
    if (!(Number.isInteger(index) && index >= 0 && index < rows)) {
      throw new RangeError(
        `gradient.indices[${k}] is ${describe(index)}; expected a whole number from 0 to ${rows - 1}`,
      )
    }
  }
  return width
}

/**
 * The gradient with repeated rows summed, in the order given and in its own precision; the same arrays where no row is
 * repeated. Reads only. Time and memory grow with the rows given, not with those of the variable.
 */
export function summedRows(gradient: SparseGradient, width: number): SparseGradient {
  const { indices, values } = gradient
  if (gradient instanceof UniqueRows) return gradient
  const places = isAscending(indices) ? undefined : firstPlaces(indices)
  if (places === undefined) return new UniqueRows(indices, values)
  let count = 0
  for (let k = 0; k < places.length; k++) if (places[k] === count) count++
  const uniqueIndices = new Uint32Array(count)
  const sums = values instanceof Float32Array ? new Float32Array(count * width) : new Float64Array(count * width)
  let seen = 0
  for (let k = 0; k < places.length; ) {
    if (places[k] === seen) {
      // Rows that come for the first time are copied together as far as the next repetition.
      const start = k
      while (k < places.length && places[k] === seen) uniqueIndices[seen++] = indices[k++]
      sums.set(values.subarray(start * width, k * width), (seen - (k - start)) * width)
    } else {
      const to = places[k] * width
      const from = k++ * width
      for (let c = 0; c < width; c++) sums[to + c] += values[from + c]
    }
  }
  return new UniqueRows(uniqueIndices, sums)
}

function isAscending(indices: SparseGradient['indices']): boolean {
  for (let k = 1; k < indices.length; k++) {
    if (indices[k] <= indices[k - 1]) return false
  }
  return true
}

/** For each index its place among the distinct ones, in order of appearance; undefined where all are distinct. */
function firstPlaces(indices: SparseGradient['indices']): Int32Array | undefined {
  // An open-addressing table of places + 1: a Map of 65,536 rows takes several times as long.
  const bits = Math.max(4, 33 - Math.clz32(indices.length))
  const table = new Int32Array(2 ** bits)
  const distinct = new Int32Array(indices.length)
  const places = new Int32Array(indices.length)
  let count = 0
  for (let k = 0; k < indices.length; k++) {
    const index = indices[k]
    let slot = Math.imul(index, 0x9e3779b1) >>> (32 - bits)
    while (table[slot] !== 0 && indices[distinct[table[slot] - 1]] !== index) slot = (slot + 1) & (table.length - 1)
    if (table[slot] === 0) {
      distinct[count] = k
      table[slot] = ++count
    }
    places[k] = table[slot] - 1
  }
  return count === indices.length ? undefined : places
}
