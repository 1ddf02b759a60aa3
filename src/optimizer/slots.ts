import { readOptions, refuseLength, refuseValue, string } from '../shared/check.ts'
import { type FloatArray, requireFloatArray } from '../step/index.ts'
import { zeros } from './arrays.ts'
import type { State } from './state.ts'
import { readShape, sizeOf, Variable } from './variable.ts'

/** What `addVariable` takes beside a shape. */
export interface AddVariableOptions {
  /** 'float32' (the default) or 'float64'. */
  readonly dtype?: 'float32' | 'float64' | undefined
  /** 'zeros' (the default), 'ones', or a function that gives the values, row-major. */
  readonly initializer?: 'zeros' | 'ones' | ((shape: readonly number[]) => ArrayLike<number>) | undefined
  /** For messages; 'variable'. */
  readonly name?: string | undefined
}

/** What `addVariableFromReference` takes beside a variable and a name. */
export interface ReferenceVariableOptions {
  /** The model variable's shape. */
  readonly shape?: readonly number[] | undefined
  /** Zeros of the model variable's precision. Typed arrays are copied. */
  readonly initialValue?: FloatArray | undefined
}

/** The variable that `addVariable` adds. */
export function newVariable(shape: readonly number[], options: AddVariableOptions): Variable {
  const known = ['dtype', 'initializer', 'name'] as const
  const { dtype = 'float32', initializer = 'zeros', name = 'variable' } = readOptions('addVariable', options, known)
  const extents = readShape(shape, 'shape')
  if (dtype !== 'float32' && dtype !== 'float64') {
    refuseValue(dtype, 'dtype', "'float32' or 'float64'")
  }
  const value = zeros(sizeOf(extents), dtype)
  if (typeof initializer === 'function') {
    const given: ArrayLike<number> = initializer(extents)
    if (given.length !== value.length) {
      throw new RangeError(`the initializer gave ${given.length} values; expected ${value.length}`)
    }
    value.set(given)
  } else if (initializer === 'ones') value.fill(1)
  else if (initializer !== 'zeros') refuseValue(initializer, 'initializer', "'zeros', 'ones' or a function")
  return new Variable(value, { name: string(name, 'name'), shape: extents })
}

/** Adds the slot that `addVariableFromReference` is asked for. */
export function addSlot(
  state: State,
  model: Variable,
  variableName: string,
  options: ReferenceVariableOptions,
): Variable {
  const { shape, initialValue } = readOptions('addVariableFromReference', options, ['shape', 'initialValue'])
  const extents = shape === undefined ? model.shape : readShape(shape, 'shape')
  const kind = string(variableName, 'variableName')
  if (initialValue !== undefined) {
    const what = `the initialValue of ${kind}/${model.name}`
    requireFloatArray(initialValue, what)
    const { length } = initialValue as FloatArray
    if (length !== sizeOf(extents)) refuseLength(length, what, sizeOf(extents))
  }
  return state.addSlot(model, kind, extents, initialValue as FloatArray | undefined)
}
