import { describe, integerFrom, readOptions, string } from '../shared/check.ts'
import { allocate, type FloatArray, precisionOf } from '../step/old/index.ts'
import type { Constraint } from './constraint.ts'

/** What a variable may be given beside its value. */
export interface VariableOptions {
  /** For messages, weight-decay exclusions and the names of slots; 'Variable'. */
  readonly name?: string | undefined
  /** Extents, row-major; [length], or [] for a bare number, which otherwise fills the shape. */
  readonly shape?: readonly number[] | undefined
  /** Applied after each step; none. */
  readonly constraint?: Constraint | undefined
}

/** From this many values on, steps in memory of its own save more than making it costs. See bench/RESULTS.md. */
const FEWEST_IN_PLACE = 16_384

/**
 * A trainable array with a name and a shape; what `tf.Variable` is to Keras.
 *
 * A typed array is kept, not copied, and steps update it in place. A `number[]` or a number becomes a new Float32Array, a
 * large one where steps are fastest (see `allocate`). Throws TypeError for another kind, RangeError where shape and length
 * disagree.
 *
 * @example
 * ```js
 * const kernel = new Variable(new Float32Array(6), { name: 'kernel', shape: [2, 3] })
 * ```
 */
export class Variable {
  /** The values, row-major: the very array that steps update. */
  readonly value: FloatArray
  /** Extents, whole and ≥ 0; their product is `size`. */
  readonly shape: readonly number[]
  /** As given, 'Variable' otherwise; need not be unique. */
  readonly name: string
  /** Applied after each step, if there is one. */
  readonly constraint: Constraint | undefined
  #gradient: FloatArray | undefined

  /** Throws TypeError for an unknown option or a wrong kind, RangeError for a shape that does not fit. */
  constructor(value: FloatArray | readonly number[] | number, options: VariableOptions = {}) {
    const { name = 'Variable', shape, constraint } = readOptions('Variable', options, ['name', 'shape', 'constraint'])
    this.name = string(name, 'Variable: name')
    const extents = shape === undefined ? naturalShape(value) : readShape(shape, `${this.name}: shape`)
    this.shape = extents
    if (precisionOf(value) !== undefined) {
      this.value = value as FloatArray
    } else {
      const { variable, accumulator, gradient } = newArrays(value, sizeOf(extents), this.name)
      this.value = variable
      if (accumulator !== undefined) companions.set(this, accumulator)
      this.#gradient = gradient
    }
    if (sizeOf(extents) !== this.size) {
      throw new RangeError(
        `${this.name}: shape [${extents}] holds ${sizeOf(extents)} values, but ${this.size} were given`,
      )
    }
    if (constraint !== undefined && typeof constraint !== 'function') {
      throw new TypeError(`${this.name}: constraint is ${describe(constraint)}; expected a function`)
    }
    this.constraint = constraint as Constraint | undefined
  }

  /** The number of values. */
  get size(): number {
    return this.value.length
  }

  /**
   * An array of the value's length and precision for its gradient, yours to fill: made when first asked for, or, in a
   * large variable that was not given as a typed array, there from the start, where a step need not copy it.
   */
  get gradient(): FloatArray {
    this.#gradient ??= zeros(this.size, dtypeOf(this.value))
    return this.#gradient
  }
}

/** Arrays beside large values in their memory, until somebody takes them. */
const companions = /* @__PURE__ */ new WeakMap<Variable, FloatArray>()

/** The array beside a variable's value, for a slot of its size: to the first who asks, and only if there is one. */
export function takeCompanion(variable: Variable): FloatArray | undefined {
  const companion = companions.get(variable)
  companions.delete(variable)
  return companion
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

interface NewArrays {
  readonly variable: FloatArray
  readonly accumulator?: FloatArray
  readonly gradient?: FloatArray
}

/** A new variable's arrays, its value filled from a list or with one number. */
function newArrays(value: unknown, size: number, name: string): NewArrays {
  const isList = Array.isArray(value) && value.every((entry) => typeof entry === 'number')
  if (typeof value !== 'number' && !isList) {
    throw new TypeError(
      `${name}: value is ${describe(value)}; expected a Float32Array, Float64Array, number[] or number`,
    )
  }
  const length = typeof value === 'number' ? size : (value as readonly number[]).length
  const arrays = length < FEWEST_IN_PLACE ? { variable: new Float32Array(length) } : allocate(length)
  if (typeof value === 'number') arrays.variable.fill(value)
  else arrays.variable.set(value as readonly number[])
  return arrays
}

function naturalShape(value: FloatArray | readonly number[] | number): readonly number[] {
  return typeof value === 'number' ? [] : [value?.length ?? 0]
}
