import { Trap } from './hostile.ts'

function spring(): never {
  throw new Trap()
}

function detached(): Float32Array {
  const array = new Float32Array(2)
  structuredClone(array.buffer, { transfer: [array.buffer] })
  return array
}

function holed(numbers: number[], place: number): number[] {
  delete numbers[place]
  return numbers
}

class Shrunk extends Float64Array {
  override get length(): number {
    return 2
  }
}

/** What no saved array of two or three numbers is, each by what is wrong with it. */
export const hostileEntries: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  true: () => true,
  'a string': () => '12',
  'a symbol': () => Symbol('saved'),
  'a function of two arguments': () => (a: number, b: number) => a + b,
  'a huge count': () => ({ length: 2 ** 53 }),
  'a huge array of holes': () => new Array(2 ** 32 - 1),
  'an array-like': () => ({ length: 2, 0: 1, 1: 2 }),
  'a hole': () => holed([1, 2], 1),
  'only holes': () => new Array(3),
  'a Map': () => new Map([[0, 1]]),
  'a Set': () => new Set([1, 2]),
  'a Date': () => new Date(0),
  'a BigInt64Array of numbers that no double holds': () => BigInt64Array.of(2n ** 53n + 1n, 2n ** 53n + 1n),
  'a DataView': () => new DataView(new ArrayBuffer(16)),
  'an ArrayBuffer': () => new ArrayBuffer(16),
  'a detached array': detached,
  'an object that inherits from Float32Array': () => Object.create(Float32Array.prototype),
  'an object that inherits from Float64Array': () => Object.create(Float64Array.prototype),
  'an object that inherits its numbers': () => Object.create({ 0: 1, 1: 2 }),
  'a Proxy of a Float32Array': () => new Proxy(new Float32Array(2), {}),
  'a Proxy of a Float64Array': () => new Proxy(new Float64Array(2), {}),
  'a Proxy that throws': () => new Proxy([1, 2], { get: spring }),
  'a Proxy whose keys throw': () => new Proxy({ 0: 1, 1: 2 }, { ownKeys: spring }),
  'a getter that throws': () => Object.defineProperty({ 1: 2 }, 0, { get: spring, enumerable: true }),
  'an array getter that throws': () => Object.defineProperty([1, 2], 1, { get: spring }),
  'lists in a list': () => [[1], [2]],
  'numbers as text': () => ['1', '2'],
  'objects in a list': () => [{}, { valueOf: () => 1 }],
  'bigints in a list that no double holds': () => [2n ** 60n + 1n, 2n ** 60n + 1n],
  'nulls in a list': () => [null, null],
  'an object with other keys': () => ({ 1: 1, 2: 2 }),
  'an object with a key __proto__': () => JSON.parse('{ "__proto__": 1, "1": 2 }'),
  'an object with a key constructor': () => ({ 0: 1, constructor: 2 }),
  'a typed array that lies about its length': () => new Shrunk(0),
}
