/**
 * Checks of what a caller hands in: options, configs and plain numbers. Each returns the value with its type known, or
 * throws `TypeError` for a wrong kind and `RangeError` for a wrong value, saying what was given and what was expected.
 */

import { toCamelCase } from './case.ts'

/** A few words for any value, safe on hostile objects: nothing of theirs is called. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value)
  if (['bigint', 'symbol', 'function'].includes(typeof value)) return `a ${typeof value}`
  if (!isObject(value)) return String(value)
  if (Array.isArray(value)) return `an array of length ${value.length}`
  const name = classNameOf(value)
  if (name === '' || name === 'Object') return 'an object'
  const words = `${/^[AEIOU]/.test(name) ? 'an' : 'a'} ${name}`
  return isTypedArray(value) ? `${words} of length ${value.length}` : words
}

/** What to write instead of something that holds numbers but is no Float32Array or Float64Array; may be empty. */
export function wayOut(value: unknown): string {
  if (!isObject(value)) return ''
  if (Array.isArray(value) && value.some(Array.isArray)) {
    const depth = value.flat().some(Array.isArray) ? 'Infinity' : ''
    return `; flatten it, as in Float32Array.from(values.flat(${depth}))`
  }
  if (Array.isArray(value) || isTypedArray(value)) return '; convert it, as in Float32Array.from(values)'
  if (classNameOf(value) === 'Variable') return '; pass its .value'
  const holder = value as { readonly dataSync?: unknown }
  return typeof holder.dataSync === 'function' ? '; pass its .dataSync()' : ''
}

/** Whether this is an array of numbers of any kind. */
export function isTypedArray(value: unknown): value is object & { readonly length: number } {
  return ArrayBuffer.isView(value) && !(value instanceof DataView)
}

/** The name of an object's class, read from plain data properties only; '' where there is none. */
function classNameOf(value: object): string {
  try {
    const made = ownValue(Object.getPrototypeOf(value), 'constructor')
    const name = ownValue(made, 'name')
    return typeof name === 'string' && name.length <= 40 ? name : ''
  } catch {
    // A proxy whose traps throw.
    return ''
  }
}

/** What an object or class holds itself under a key, if that is a plain data property. */
export function ownValue(object: unknown, key: string): unknown {
  const hasProperties = isObject(object) || typeof object === 'function'
  return hasProperties ? Object.getOwnPropertyDescriptor(object, key)?.value : undefined
}

/** Whether this is an object; a function is none here. */
export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** Throws the TypeError for a value of the wrong kind. */
export function refuseKind(value: unknown, what: string, expected: string): never {
  throw new TypeError(`${what} is ${describe(value)}; expected ${expected}`)
}

/** Throws the RangeError for a value of the right kind. */
export function refuseValue(value: unknown, what: string, expected: string): never {
  throw new RangeError(`${what} is ${describe(value)}; expected ${expected}`)
}

/** Throws the RangeError for a list that is too long or too short. */
export function refuseLength(length: number, what: string, expected: number): never {
  throw new RangeError(`${what} has length ${length}; expected ${expected}`)
}

function numberWhere(value: unknown, what: string, holds: (value: number) => boolean, expected: string): number {
  if (typeof value === 'number' && holds(value)) return positiveZero(value)
  return refuseNumber(value, what, expected)
}

function refuseNumber(value: unknown, what: string, expected: string): never {
  return typeof value === 'number' ? refuseValue(value, what, expected) : refuseKind(value, what, expected)
}

/** −0 becomes 0: JSON, and so a saved config, has no other way to write it. */
function positiveZero(value: number): number {
  return value + 0
}

export function atLeast(value: unknown, low: number, what: string): number {
  return numberWhere(value, what, (x) => x >= low && x < Infinity, `a finite number >= ${low}`)
}

export function nonNegative(value: unknown, what: string): number {
  return atLeast(value, 0, what)
}

export function positive(value: unknown, what: string): number {
  return numberWhere(value, what, (x) => x > 0 && x < Infinity, 'a finite number > 0')
}

/** A number in [low, high], both ends included. */
export function within(value: unknown, low: number, high: number, what: string): number {
  // No closure here: every step passes through.
  if (typeof value === 'number' && value >= low && value <= high) return positiveZero(value)
  return refuseNumber(value, what, `a number in [${low}, ${high}]`)
}

/** A share of the whole. */
export function share(value: unknown, what: string): number {
  return within(value, 0, 1, what)
}

/** An integer of at least `low` that a double holds exactly. */
export function integerFrom(value: unknown, low: number, what: string): number {
  return numberWhere(value, what, (x) => Number.isSafeInteger(x) && x >= low, `an integer >= ${low}`)
}

export function positiveInteger(value: unknown, what: string): number {
  return integerFrom(value, 1, what)
}

export function boolean(value: unknown, what: string): boolean {
  return typeof value === 'boolean' ? value : refuseKind(value, what, 'true or false')
}

export function string(value: unknown, what: string): string {
  return typeof value === 'string' ? value : refuseKind(value, what, 'a string')
}

export function array(value: unknown, what: string, expected = 'an array'): readonly unknown[] {
  return Array.isArray(value) ? value : refuseKind(value, what, expected)
}

/**
 * An object literal, `Object.create(null)`, or either from another realm. Class instances, arrays, functions and objects
 * that inherit from anything but `Object.prototype` are refused, because only own properties are ever read.
 */
export function plainObject(value: unknown, what: string, example = ''): object {
  if (isObject(value) && !Array.isArray(value)) {
    const prototype: unknown = Object.getPrototypeOf(value)
    if (prototype === null || Object.getPrototypeOf(prototype) === null) return value
  }
  return refuseKind(value, what, `a plain object${example}`)
}

/**
 * The own properties of an options object, still unchecked, in an object without a prototype. `undefined` means no
 * options. A key outside `known` is a `TypeError` that lists the known ones; `hints` says more about some wrong keys.
 */
export function readOptions<Key extends string>(
  what: string,
  given: unknown,
  known: readonly Key[],
  hints: Readonly<Record<string, string>> = {},
): Partial<Record<Key, unknown>> {
  const options: Partial<Record<Key, unknown>> = Object.create(null)
  if (given === undefined) return options
  const example = known[0]?.endsWith('earningRate') ? `, such as { ${known[0]}: 0.1 }` : ''
  for (const [key, value] of Object.entries(plainObject(given, `${what}'s options object`, example))) {
    const option = known.find((name) => name === key)
    if (option === undefined) {
      const hint = Object.hasOwn(hints, key) ? `; ${hints[key]}` : suggestion(key, known)
      throw new TypeError(`${what} has no option ${describe(key)}${hint}; known options: ${known.join(', ')}`)
    }
    options[option] = value
  }
  return options
}

/** What a misspelt option was probably meant to be, in words; empty where nothing is near. */
function suggestion(key: string, known: readonly string[]): string {
  const camelCase = key === 'lr' ? 'learningRate' : key === 'eps' ? 'epsilon' : toCamelCase(key)
  if (known.includes(camelCase)) return `; write ${camelCase}`
  const lower = camelCase.toLowerCase()
  const nearest = known
    .map((name) => ({ name, edits: editsBetween(lower, name.toLowerCase(), Math.min(2, Math.floor(name.length / 3))) }))
    .filter(({ edits }) => edits < Infinity)
    .sort((one, other) => one.edits - other.edits)[0]
  return nearest === undefined ? '' : `; did you mean ${nearest.name}?`
}

/** How many letters have to be put in, taken out or changed to make one word of the other; Infinity if more than `most`. */
function editsBetween(one: string, other: string, most: number): number {
  if (one === other) return 0
  if (most === 0) return Infinity
  const rest = one.slice(1)
  const otherRest = other.slice(1)
  if (one[0] === other[0]) return editsBetween(rest, otherRest, most)
  const left = most - 1
  const after = [
    editsBetween(rest, other, left),
    editsBetween(one, otherRest, left),
    editsBetween(rest, otherRest, left),
  ]
  return 1 + Math.min(...after)
}

/** A check that takes null, or nothing at all, for an option that is not used. */
export function orNull<Value>(check: Check<Value>): Check<Value | null> {
  return (given, what) => (given === undefined || given === null ? null : check(given, what))
}

/** Gives the value with its type known; throws TypeError for a wrong kind, RangeError for a wrong value. */
export type Check<Value = unknown> = (given: unknown, what: string) => Value

/** Of each option its check, and what stands for it where it is left out. */
export type Rules<Settings extends object> = {
  readonly [Option in keyof Settings]-?: readonly [check: Check<Settings[Option]>, otherwise?: unknown]
}

/** The settings that the given options make, in the order of the rules; `of` comes before their names in messages. */
export function settingsOf<Settings extends object>(
  given: Readonly<Partial<Record<keyof Settings, unknown>>>,
  rules: Rules<Settings>,
  of = '',
): Settings {
  const settings: Partial<Settings> = {}
  for (const option of Object.keys(rules) as (keyof Settings & string)[]) {
    const [check, otherwise] = rules[option]
    const value = given[option]
    settings[option] = check(value === undefined ? otherwise : value, of + option)
  }
  return settings as Settings
}
