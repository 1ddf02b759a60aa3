import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { optionNames } from './options.ts'
import { thrownBy } from './refusal.ts'

/** What hostile getters and traps throw. */
export class Trap extends Error {
  override readonly message = 'sprung'
}

function spring(): never {
  throw new Trap()
}

/** Objects that everything inherits from, or that everyone uses. */
const shared: readonly object[] = [
  Object,
  Array,
  Function,
  String,
  Number,
  Boolean,
  Map,
  Set,
  Object.getPrototypeOf(Float64Array),
  Float32Array,
  Float64Array,
].flatMap((Class) => [Class, Class.prototype])

interface Property {
  readonly of: object
  readonly key: string | symbol
  readonly value: unknown
}

const clean: readonly Property[] = shared.flatMap((of) =>
  Reflect.ownKeys(of).map((key) => ({ of, key, value: Object.getOwnPropertyDescriptor(of, key)?.value })),
)

/** Runs `action`; afterwards no shared object has a property more or less, or another value. */
export function unpolluted(action: () => void): void {
  action()
  assert.is(shared.flatMap(Reflect.ownKeys).length, clean.length, 'a shared object has other properties')
  for (const { of, key, value } of clean) {
    if (!Object.is(Object.getOwnPropertyDescriptor(of, key)?.value, value))
      assert.unreachable(`${String(key)} is polluted`)
  }
  for (const key in {}) assert.unreachable(`{} has inherited ${key}`)
}

// What the engine says when nobody has checked.
const accident =
  /cannot (read|set|convert|destructure|access|assign)|not a function|not iterable|not a constructor|invalid (array|string|typed)|maximum call stack|incompatible receiver|receiver|out of memory/i

/** The error is one of the package's own, with a message that says what came; or the caller's own trap. */
export function isClear(error: unknown): void {
  if (error instanceof Trap) return
  const isKnown = error instanceof Error && [Error, RangeError, TypeError].some((Kind) => error.constructor === Kind)
  if (!isKnown) {
    assert.unreachable(`no Error, RangeError or TypeError: ${String(error)}`)
    return
  }
  if (accident.test(error.message)) assert.unreachable(`an accident: ${error.stack}`)
  assert.ok(error.message.length > 10 && error.message.length < 2000, error.message)
}

/** The call throws a clear error and pollutes nothing. */
export function clearlyRefused(call: () => unknown): void {
  unpolluted(() => {
    const error = thrownBy(call)
    if (error === undefined) assert.unreachable('nothing was thrown')
    isClear(error)
  })
}

const names = ['className', 'class_name', 'config', 'module', 'registered_name', 'learning_rate', 'jit_compile']
const inherited = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  'length',
  'at',
  '0',
]

export const hostileKey: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...inherited),
  fc.constantFrom(...names, ...optionNames),
  fc.string({ maxLength: 5 }),
)

/** A value that is made anew where it is used: fast-check must not look into it. */
export interface Hostile {
  readonly make: () => unknown
}

/** A getter that throws, a trap that throws, a revoked Proxy. */
const springs: Readonly<Record<string, () => unknown>> = {
  'a getter that throws': () => Object.defineProperty({}, 'config', { get: spring, enumerable: true }),
  'an array getter that throws': () => Object.defineProperty([1, 2], 0, { get: spring, enumerable: true }),
  'a Proxy whose keys throw': () => new Proxy({}, { ownKeys: spring }),
  'a Proxy whose prototype throws': () => new Proxy({}, { getPrototypeOf: spring }),
  'a Proxy of a list that throws': () => new Proxy([], { get: spring }),
  'a Proxy whose properties throw': () => new Proxy({ a: 1 }, { getOwnPropertyDescriptor: spring }),
  'a revoked Proxy': () => {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    return proxy
  },
}

const anything = fc.anything({
  key: hostileKey,
  values: [
    fc.constantFrom(...inherited, 'ClippyAdagrad', 'ExponentialDecay', 'Infinity', 'throw'),
    fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -1, -0, 0, 1, 0.5, 2 ** 53, 1e308, 5e-324),
    fc.constantFrom(null, undefined, true, false),
    fc.constantFrom<unknown>({ length: 2 ** 53 }, { length: -1 }, new Array(2 ** 32 - 1)),
  ],
  maxDepth: 3,
  maxKeys: 4,
  withBigInt: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withObjectString: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
})

/** Anything at all, with keys and values that look like a config or a state. */
export const hostile: fc.Arbitrary<Hostile> = fc.oneof(
  { weight: 8, arbitrary: anything.map((value) => described(fc.stringify(value), () => value)) },
  { weight: 1, arbitrary: fc.constantFrom(...Object.entries(springs)).map(([what, make]) => described(what, make)) },
)

function described(what: string, make: () => unknown): Hostile {
  return { make, [fc.toStringMethod]: () => what } as Hostile
}
