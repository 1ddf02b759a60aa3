import { describe, integerFrom, readOptions, string } from '../shared/check.ts'
import { type FloatArray, precisionOf } from '../step/index.ts'
import type { Constraint } from './constraint.ts'

export interface VariableOptions {
  /** For messages, weight-decay exclusions and the names of slots; 'Variable'. */
  readonly name?: string | undefined
  /** Extents, row-major, whose product is the number of values; [length], or [] for a bare number. */
  readonly shape?: readonly number[] | undefined
  readonly constraint?: Constraint | undefined
}

/**
 * A trainable array with a name and a shape.
 *
 * A typed array is kept, not copied, and steps update it in place. A `number[]` or a number becomes a new Float32Array.
 * Throws TypeError for another kind, RangeError where shape and length disagree.
 *
 * @example
 * ```js
 * const kernel = new Variable(new Float32Array(6), { name: 'kernel', shape: [2, 3] })
 * ```
 */
export class Variable {
  readonly value: FloatArray
  readonly shape: readonly number[]
  readonly name: string
  readonly constraint: Constraint | undefined

  constructor(value: FloatArray | readonly number[] | number, options: VariableOptions = {}) {
    const { name = 'Variable', shape, constraint } = readOptions('Variable', options, ['name', 'shape', 'constraint'])
    this.name = string(name, 'Variable: name')
    this.value = valueArray(value, this.name)
    this.shape = shape === undefined ? naturalShape(value) : checkedShape(shape, this.value.length, this.name)
    if (constraint !== undefined && typeof constraint !== 'function') {
      throw new TypeError(`${this.name}: constraint is ${describe(constraint)}; expected a function`)
    }
    this.constraint = constraint as Constraint | undefined
  }

  /** The number of values. */
  get size(): number {
    return this.value.length
  }
}

/** The product of the extents. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1)
}

/** `shape` as a new array of whole extents ≥ 0; throws TypeError or RangeError. */
export function readShape(shape: unknown, what: string): number[] {
  if (!Array.isArray(shape)) throw new TypeError(`${what} is ${describe(shape)}; expected an array of extents`)
  return shape.map((extent, k) => integerFrom(extent, 0, `${what}[${k}]`))
}

/** Zeros of the named type. */
export function zeros(length: number, dtype: 'float32' | 'float64'): FloatArray {
  return dtype === 'float32' ? new Float32Array(length) : new Float64Array(length)
}

export function dtypeOf(array: FloatArray): 'float32' | 'float64' {
  return precisionOf(array)?.name === 'Float32Array' ? 'float32' : 'float64'
}

function valueArray(value: unknown, name: string): FloatArray {
  if (typeof value === 'number') return Float32Array.of(value)
  if (precisionOf(value) !== undefined) return value as FloatArray
  if (Array.isArray(value) && value.every((entry) => typeof entry === 'number')) return Float32Array.from(value)
  throw new TypeError(`${name}: value is ${describe(value)}; expected a Float32Array, Float64Array, number[] or number`)
}

function naturalShape(value: FloatArray | readonly number[] | number): readonly number[] {
  return typeof value === 'number' ? [] : [value.length]
}

function checkedShape(given: unknown, length: number, name: string): readonly number[] {
  const shape = readShape(given, `${name}: shape`)
  if (sizeOf(shape) !== length) {
    throw new RangeError(`${name}: shape [${shape}] holds ${sizeOf(shape)} values, but ${length} were given`)
  }
  return shape
}
