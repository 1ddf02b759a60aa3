import { describe } from '../shared/check.ts'
import type { FloatArray, Precision } from './float.ts'

/** The three arrays of a check, by the names that messages give them. */
interface Arrays {
  readonly before: FloatArray
  readonly after: FloatArray
  readonly accumulator: FloatArray
}

const HOW_TO_KEEP = 'keep a copy before the step: const before = weights.slice()'

/** Refuses arrays of which no bound can be said, with what to do about it. */
export function requireArrays({ before, after, accumulator }: Arrays): void {
  const precision = requireFloats(before, 'before')
  for (const [name, array] of [
    ['after', after],
    ['accumulator', accumulator],
  ] as const) {
    if (requireFloats(array, name) !== precision) {
      throw new TypeError(
        `${name} is ${describe(array)} and before ${describe(before)}; all three need one precision: ` +
          'pass the arrays that the step read and wrote, not converted copies',
      )
    }
    if (array.length !== before.length) {
      throw new RangeError(
        `${name} has ${array.length} values and before has ${before.length}; pass one value for each weight`,
      )
    }
  }
  if (share(before, after)) {
    throw new RangeError(`before and after lie in the same memory, where a step leaves no trace; ${HOW_TO_KEEP}`)
  }
  requireFinite(before, 'before')
  requireFinite(after, 'after')
  requireFinite(accumulator, 'accumulator')
}

function requireFloats(array: unknown, name: string): Precision {
  const precision = precisionOf(array)
  if (precision !== undefined) return precision
  const way = name === 'before' ? HOW_TO_KEEP : 'convert with Float32Array.from(…) or Float64Array.from(…)'
  throw new TypeError(`${name} is ${describe(array)}; expected a Float32Array or a Float64Array: ${way}`)
}

/** The precision of an array by what it is: one of another realm or of a subclass counts as well. */
function precisionOf(array: unknown): Precision | undefined {
  // The getter of the built-in prototype reads what the engine knows, whatever the object or its class says.
  const prototype: object = Object.getPrototypeOf(Float64Array.prototype)
  const tag: unknown = Object.getOwnPropertyDescriptor(prototype, Symbol.toStringTag)?.get?.call(array)
  if (tag === 'Float32Array') return 'float32'
  return tag === 'Float64Array' ? 'float64' : undefined
}

function share(one: FloatArray, other: FloatArray): boolean {
  return (
    one.buffer === other.buffer &&
    one.byteOffset < other.byteOffset + other.byteLength &&
    other.byteOffset < one.byteOffset + one.byteLength
  )
}

const IN_AN_ARRAY = {
  before: 'there is no bound from there: check steps that start from finite weights',
  after: 'that is no rounding but a broken step: see what it does with this gradient',
  accumulator: 'there is no bound with it: pass the accumulator that the step divided by the root of',
} as const

function requireFinite(array: FloatArray, name: keyof typeof IN_AN_ARRAY): void {
  const index = array.findIndex((value) => !Number.isFinite(value))
  if (index >= 0) throw new RangeError(`${name}[${index}] is ${array[index]}; ${IN_AN_ARRAY[name]}`)
}
