import { array, integerFrom, isObject, readOptions, refuseKind, string, wayOut } from '../shared/check.ts'
import { type FloatArray, float32, ownArrays, precisionOf } from '../step/index.ts'
import { dtypeOf, zerosLike } from './arrays.ts'
import type { Constraint } from './constraint.ts'
import { hide, INSPECT } from './hidden.ts'
import { refuseVariable } from './naming.ts'

/** What a variable may be given beside its value. */
export interface VariableOptions {
  /** For messages, weight-decay exclusions and the names of slots; 'Variable'. */
  readonly name?: string | undefined
  /** Extents, row-major; [length], or [] for a bare number, which otherwise fills the shape. */
  readonly shape?: readonly number[] | undefined
  /** Applied after each step; none. */
  readonly constraint?: Constraint | undefined
}

/**
 * The method by which any copy of this package, ES module or CommonJS, knows a Variable of another: a class of its own
 * would fail `instanceof` there.
 */
const VARIABLE = /* @__PURE__ */ Symbol.for('clippy-adagrad.Variable')

/** From this many values on, steps in memory of its own save more than making it costs. See bench/RESULTS.md. */
const FEWEST_IN_PLACE = 16_384

/**
 * A trainable array with a name and a shape; what `tf.Variable` is to Keras.
 *
 * A typed array is kept, not copied, and steps update it in place. A `number[]` or a number becomes a new Float32Array, a
 * large one where steps are fastest (see `allocate`): its `.buffer` is then larger than its values, so send a copy,
 * `value.slice()`, to another thread. Throws TypeError for another kind, RangeError where shape and length disagree.
 *
 * @example
 * ```js
 * const kernel = new Variable(new Float32Array(6), { name: 'kernel', shape: [2, 3] })
 * ```
 */
export class Variable<V extends FloatArray = FloatArray> {
  /** As given, 'Variable' otherwise; need not be unique. */
  readonly name: string
  /** Applied after each step, if there is one. */
  readonly constraint: Constraint | undefined
  #value: V
  #shape: readonly number[]
  #gradient: V | undefined

  /** Throws TypeError for an unknown option or a wrong kind, RangeError for a shape that does not fit. */
  constructor(value: V | readonly number[] | number, options: VariableOptions = {}) {
    const { name = 'Variable', shape, constraint } = readOptions('Variable', options, ['name', 'shape', 'constraint'])
    this.name = string(name, 'Variable: name')
    const extents = shape === undefined ? naturalShape(value) : readShape(shape, `${this.name}: shape`)
    // A list or a number has no type to infer V from: it is FloatArray then, and float32 is one.
    const arrays = precisionOf(value) === undefined ? newArrays(value, sizeOf(extents), this.name) : { variable: value }
    const { variable: array, gradient, accumulator } = arrays as NewArrays<V>
    this.#value = array
    this.#gradient = gradient
    if (accumulator !== undefined) companions.set(this, accumulator)
    this.#shape = requireSize(extents, this.size, this.name)
    if (constraint !== undefined && typeof constraint !== 'function') {
      refuseKind(constraint, `${this.name}: constraint`, 'a function')
    }
    this.constraint = constraint as Constraint | undefined
    // Here and not as a method: bundlers keep a class whose method has a computed name, used or not.
    hide(this, VARIABLE, (grown: V, grownShape: readonly number[]) => {
      this.#shape = requireSize(grownShape, grown.length, this.name)
      this.#value = grown
      this.#gradient = undefined
    })
    hide(this, INSPECT, () => this.toString())
  }

  /** The values, row-major: the very array that steps update. */
  get value(): V {
    return this.#value
  }

  /** Extents, whole and ≥ 0; their product is `size`. */
  get shape(): readonly number[] {
    return this.#shape
  }

  /** The number of values. */
  get size(): number {
    return this.#value.length
  }

  /**
   * An array of the value's length and precision for its gradient, yours to fill: made when first asked for, or, in a
   * large variable that was not given as a typed array, there from the start, where a step need not copy it.
   */
  get gradient(): V {
    this.#gradient ??= zerosLike(this.#value) as V
    return this.#gradient
  }

  /** Name, shape and precision. */
  toString(): string {
    return `Variable '${this.name}' [${this.shape}] ${dtypeOf(this.#value)}`
  }

  /** Name, shape and values: private fields would not show in JSON. */
  toJSON(): Pick<Variable<V>, 'name' | 'shape' | 'value'> {
    return { name: this.name, shape: this.shape, value: this.value }
  }
}

/** Puts another array in a variable's place; `Optimizer.rebind` knows who else has to be told. */
type Replace = (value: FloatArray, shape: readonly number[]) => void

function markOf(given: object): Replace | undefined {
  return (given as { readonly [VARIABLE]?: Replace })[VARIABLE]
}

/** Whether this is a Variable, of this copy of the package or of another. */
export function isVariable(given: unknown): given is Variable {
  return isObject(given) && typeof markOf(given) === 'function'
}

/** A Variable's own array, or the raw array that stands for one. */
export function arrayOf(variable: Variable | FloatArray): FloatArray {
  return isVariable(variable) ? variable.value : variable
}

/** Throws RangeError where a variable's array has been detached or resized since it was given. */
export function requireWhole(variable: Variable): void {
  const { value, shape } = variable
  const size = sizeOf(shape)
  // Optimised code of V8 may still see the length of an array that has been detached.
  if (value.length === size && (size === 0 || value.buffer.byteLength > 0)) return
  refuseVariable(variable, `its array has ${value.length} values now; expected ${size}, as at first`)
}

/** The shape of a variable whose array grows from one to another; throws TypeError or RangeError where it may not. */
export function grownShape(variable: Variable, from: FloatArray, to: FloatArray): readonly number[] {
  const { shape } = variable
  if (precisionOf(to) !== precisionOf(from)) {
    refuseKind(to, `variable '${variable.name}': the new array`, `a ${precisionOf(from)?.name}`)
  }
  const width = sizeOf(shape, 1)
  const isWhole = shape.length > 0 && width > 0 && to.length % width === 0
  if (to.length === from.length || (isWhole && to.length > from.length)) {
    return isWhole ? [to.length / width, ...shape.slice(1)] : shape
  }
  refuseVariable(
    variable,
    `the new array has length ${to.length}; expected ${from.length}, or more by whole rows of ${width}`,
  )
}

/** Puts another array in a variable's place. */
export function replaceValue(variable: Variable, value: FloatArray, shape: readonly number[]): void {
  markOf(variable)?.(value, shape)
}

/** Arrays beside large values in their memory, until somebody takes them. */
const companions = /* @__PURE__ */ new WeakMap<Variable, FloatArray>()

/** The array beside a variable's value, for a slot of its size: to the first who asks, and only if there is one. */
export function takeCompanion(variable: Variable): FloatArray | undefined {
  const companion = companions.get(variable)
  companions.delete(variable)
  return companion
}

/** Takes an array back that `takeCompanion` gave, for the next who asks. Any other array is not kept. */
export function giveBackCompanion(variable: Variable, array: FloatArray): void {
  // No slot but a companion lies in a variable's own memory.
  if (array.buffer === variable.value.buffer) companions.set(variable, array.fill(0))
}

/** The product of the extents, of those from one on. */
export function sizeOf(shape: readonly number[], from = 0): number {
  let size = 1
  for (let k = from; k < shape.length; k++) size *= shape[k]
  return size
}

/** `shape` as a new array of whole extents ≥ 0; throws TypeError or RangeError. */
export function readShape(shape: unknown, what: string): number[] {
  return array(shape, what, 'an array of extents').map((extent, k) => integerFrom(extent, 0, `${what}[${k}]`))
}

interface NewArrays<V extends FloatArray> {
  readonly variable: V
  readonly accumulator?: V
  readonly gradient?: V
}

/** A new variable's arrays, its value filled from a list or with one number. */
function newArrays(value: unknown, size: number, name: string): NewArrays<FloatArray> {
  const isList = Array.isArray(value) && value.every((entry) => typeof entry === 'number')
  if (typeof value !== 'number' && !isList) {
    const extents = extentsOf(value)
    const shape = extents.length > 1 ? `, and give shape: [${extents.join(', ')}]` : ''
    refuseKind(value, `${name}: value`, `a Float32Array, Float64Array, number[] or number${wayOut(value)}${shape}`)
  }
  const length = typeof value === 'number' ? size : (value as readonly number[]).length
  const arrays = length < FEWEST_IN_PLACE ? { variable: new Float32Array(length) } : ownArrays(length, float32)
  if (typeof value === 'number') arrays.variable.fill(value)
  else arrays.variable.set(value as readonly number[])
  return arrays
}

/** The extents of a nested list, going by its first entries. */
function extentsOf(list: unknown): number[] {
  return Array.isArray(list) ? [list.length, ...extentsOf(list[0])] : []
}

function naturalShape(value: FloatArray | readonly number[] | number): readonly number[] {
  return typeof value === 'number' ? [] : [value?.length ?? 0]
}

function requireSize(shape: readonly number[], size: number, name: string): readonly number[] {
  if (sizeOf(shape) === size) return shape
  throw new RangeError(`${name}: shape [${shape}] holds ${sizeOf(shape)} values, but ${size} were given`)
}
