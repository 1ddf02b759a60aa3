import {
  array,
  describe,
  integerFrom,
  isObject,
  isTypedArray,
  plainObject,
  refuseKind,
  refuseLength,
  refuseValue,
} from '../shared/check.ts'
import { type FloatArray, precisionOf } from '../step/index.ts'
import { copyOf } from './arrays.ts'
import { isVariable, type Variable } from './variable.ts'

/**
 * What `saveOwnVariables` fills: data for JSON, `structuredClone` or a file. Keys are '0', '1', …, in the order of
 * `variables`, and `names`, by which another order of the same variables finds its state.
 */
export type Store = Record<string, unknown>

/** Writes a copy of each variable, and their names. Throws TypeError where the store is no object. */
export function save(variables: readonly Variable[], store: Store): void {
  if (!isObject(store)) {
    refuseKind(store, 'the store', 'an object to write to')
  }
  variables.forEach(({ value }, k) => {
    store[k] = forJson(copyOf(value))
  })
  store.names = variables.map(({ name }) => name)
}

/** JSON writes −0 as 0. An array with one in it tells JSON to write it as '-0'. */
function forJson(values: FloatArray): FloatArray {
  if (!values.some((x) => Object.is(x, -0))) return values
  const toJSON = () => Array.from(values, (x) => (Object.is(x, -0) ? '-0' : x))
  return Object.defineProperty(values, 'toJSON', { value: toJSON })
}

/**
 * Replaces the values of all variables by what `save` wrote, also after JSON or `structuredClone`. Entries are found by
 * `names`; without them, as in Keras's files, they count in the order of the variables. Throws TypeError or RangeError
 * before anything has changed.
 */
export function load(variables: readonly Variable[], store: unknown): void {
  if (!isObject(store)) {
    refuseKind(store, 'the store', 'what saveOwnVariables filled')
  }
  const names = Object.hasOwn(store, 'names') ? array((store as Store).names, "the store's names") : undefined
  const count = Object.keys(store).length - (names === undefined ? 0 : 1)
  if (count !== variables.length) {
    throw new RangeError(
      `the store has ${count} entries and the optimizer ${variables.length} variables; it was saved from another model or with other options`,
    )
  }
  const places = names === undefined ? variables.map((_, k) => k) : placesByName(variables, names)
  replaceValues(
    variables,
    places.map((place) => {
      if (Object.hasOwn(store, place)) return (store as Store)[place]
      throw new RangeError(`the store has no entry '${place}'; expected '0' to '${variables.length - 1}'`)
    }),
  )
}

/** Where in the store each variable lies. Of several variables of one name, each takes the next entry of that name. */
function placesByName(variables: readonly Variable[], names: readonly unknown[]): number[] {
  const placesOf = new Map<unknown, number[]>()
  for (let place = names.length - 1; place >= 0; place--) {
    const places = placesOf.get(names[place]) ?? []
    places.push(place)
    placesOf.set(names[place], places)
  }
  return variables.map(({ name }, k) => {
    const place = placesOf.get(name)?.pop()
    if (place !== undefined && names.length === variables.length) return place
    const isOther = names.length > k && names[k] !== name
    const differs = isOther ? `entry ${k} is of ${describe(names[k])}` : `there are ${names.length} names`
    throw new RangeError(
      `the store has no state for '${name}' (${differs}); it was saved from another model, with other names or options`,
    )
  })
}

/**
 * Replaces the values of all variables by saved ones, in their order. Throws TypeError for another kind, RangeError for a
 * wrong count, length or a number that the variable does not hold exactly; nothing has changed then.
 */
export function replaceValues(variables: readonly Variable[], saved: readonly unknown[]): void {
  array(saved, 'weights', 'a list of arrays')
  if (saved.length !== variables.length) {
    throw new RangeError(`there are ${saved.length} weights; expected ${variables.length}, one for each of variables`)
  }
  const values = variables.map((variable, k) => savedValues(saved[k], variable))
  integerFrom(values[0][0], 0, 'the saved iteration')
  values.forEach((value, k) => {
    variables[k].value.set(value)
  })
}

/**
 * The values of a saved array, checked against the variable they are for: a typed array, numbers, or what JSON makes of a
 * typed array (`{ "0": …, "1": … }`), all of them numbers that the variable holds exactly. Always a copy.
 */
function savedValues(saved: unknown, { value, name }: Variable): FloatArray {
  const entries = entriesOf(isVariable(saved) ? saved.value : saved, name, value.length)
  const copy = copyOf(value)
  for (let i = 0; i < copy.length; i++) {
    const given = entries[i]
    const number = numberOf(given)
    if (number === undefined) refuseKind(given, `the saved ${name}[${i}]`, 'a number')
    if (!Number.isFinite(number)) refuseValue(number, `the saved ${name}[${i}]`, 'a finite number')
    copy[i] = number
    if (copy[i] !== number || (typeof given === 'bigint' && BigInt(number) !== given)) {
      throw new RangeError(
        `the saved ${name}[${i}] is ${String(given)}, which a ${precisionOf(value)?.name} does not hold`,
      )
    }
  }
  return copy
}

/** A number itself, that behind a bigint, or the −0 of `forJson`. */
function numberOf(given: unknown): number | undefined {
  if (typeof given === 'number') return given
  if (given === '-0') return -0
  return typeof given === 'bigint' ? Number(given) : undefined
}

/** Read by index and own properties only, never by iterator: what is saved may come from anywhere. */
function entriesOf(given: unknown, name: string, length: number): ArrayLike<unknown> {
  if ((typeof given === 'number' || typeof given === 'bigint') && length === 1) return [given]
  const isTyped = isTypedArray(given)
  const isList = Array.isArray(given) || isTyped
  const entries = isList ? given : plainObject(given, `the saved ${name}`)
  const count = isList ? (given as ArrayLike<unknown>).length : Object.keys(entries).length
  if (count !== length) refuseLength(count, `the saved ${name}`, length)
  if (isTyped) return given as unknown as ArrayLike<unknown>
  return Array.from({ length }, (_, i) =>
    Object.hasOwn(entries, i) ? (entries as Readonly<Record<number, unknown>>)[i] : undefined,
  )
}
