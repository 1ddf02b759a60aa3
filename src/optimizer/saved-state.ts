import { describe, plainObject } from '../shared/check.ts'
import { type FloatArray, precisionOf } from '../step/old/index.ts'
import { Variable } from './variable.ts'

/** What `saveOwnVariables` fills: data for JSON, `structuredClone` or a file. Keys are '0', '1', …, in the order of `variables`. */
export type Store = Record<string, unknown>

/**
 * The values of a saved array, checked against the variable they are for: a typed array of its precision, numbers that
 * it holds exactly, or what JSON makes of a typed array (`{ "0": …, "1": … }`). Always a copy.
 *
 * Throws TypeError for another kind and RangeError for a wrong length or precision or a value that is not finite.
 */
export function savedValues(saved: unknown, variable: Variable): FloatArray {
  const { value, name } = variable
  const given = saved instanceof Variable ? saved.value : saved
  const precision = precisionOf(given)
  if (precision !== undefined && precision !== precisionOf(value)) {
    throw new RangeError(`the saved ${name} is a ${precision.name}; expected a ${precisionOf(value)?.name}`)
  }
  const entries = entriesOf(given, name, value.length)
  const copy = value.slice()
  for (let i = 0; i < copy.length; i++) copy[i] = savedEntry(entries[i], value, () => `the saved ${name}[${i}]`)
  return copy
}

/** `what` names the entry in a message; tables are long, so only when there is one. */
function savedEntry(entry: unknown, value: FloatArray, what: () => string): number {
  if (typeof entry !== 'number') throw new TypeError(`${what()} is ${describe(entry)}; expected a number`)
  if (!Number.isFinite(entry)) throw new RangeError(`${what()} is ${entry}; expected a finite number`)
  const precision = precisionOf(value)
  if (precision?.round(entry) !== entry) {
    throw new RangeError(`${what()} is ${entry}, which a ${precision?.name} does not hold`)
  }
  return entry
}

/** Read by index and own properties only, never by iterator: what is saved may come from anywhere. */
function entriesOf(given: unknown, name: string, length: number): readonly unknown[] {
  if (typeof given === 'number' && length === 1) return [given]
  const isList = Array.isArray(given) || precisionOf(given) !== undefined
  const entries = isList ? (given as object) : plainObject(given, `the saved ${name}`)
  const count = isList ? (given as ArrayLike<unknown>).length : Object.keys(entries).length
  if (count !== length) throw new RangeError(`the saved ${name} has length ${count}; expected ${length}`)
  return Array.from({ length }, (_, i) =>
    Object.hasOwn(entries, i) ? (entries as Readonly<Record<number, unknown>>)[i] : undefined,
  )
}

/** The entries '0' to `count` − 1 of a store; throws TypeError or RangeError where there are others. */
export function storedEntries(store: unknown, count: number): unknown[] {
  if (typeof store !== 'object' || store === null) {
    throw new TypeError(`the store is ${describe(store)}; expected what saveOwnVariables filled`)
  }
  const keys = Object.keys(store)
  if (keys.length !== count) {
    throw new RangeError(
      `the store has ${keys.length} entries and the optimizer ${count} variables; it was saved from another model or with other options`,
    )
  }
  return Array.from({ length: count }, (_, k) => {
    if (!Object.hasOwn(store, k)) throw new RangeError(`the store has no entry '${k}'; expected '0' to '${count - 1}'`)
    return (store as Store)[k]
  })
}
