import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  clippingBound,
  clippingFactor,
  type Gradient,
  step,
  updateAccumulator,
  updateVariable,
} from '../../src/index.ts'
import { refuses, sameBits, sameNumber } from '../support/assertions.ts'
import { type FloatArray, precisions } from '../support/precision.ts'
import { otherRealm } from '../support/realm.ts'

const test = suite('operands')

const OPTIONS = { learningRate: 0.1 }

/** Numbers from 0.5 to 2.5 times a scale. */
const wave = (length: number, scale: number) => Array.from({ length }, (_, i) => scale * (1.5 + Math.sin(i)))

/** What an array is made of, in a class that a caller chooses. */
type Make = (values: readonly number[]) => FloatArray

/** Every function of the step, once each, on arrays of one make; all that they return and write. */
function outcomes(make: Make, gradientOf: (make: Make) => Gradient, length: number): Float64Array {
  const [variable, accumulator] = [make(wave(length, 1)), make(wave(length, 0.1))]
  const results = [step(variable, accumulator, gradientOf(make), OPTIONS)]
  results.push(clippingFactor(variable, accumulator, gradientOf(make), OPTIONS))
  updateVariable(variable, accumulator, gradientOf(make), 0.3, OPTIONS)
  updateAccumulator(accumulator, gradientOf(make), 0.3)
  results.push(...clippingBound(variable, accumulator, OPTIONS).slice(0, 100))
  for (const array of [variable, accumulator]) for (let i = 0; i < array.length; i++) results.push(array[i])
  return Float64Array.from(results)
}

const plain: Readonly<Record<(typeof precisions)[number], Make>> = {
  float32: (values) => Float32Array.from(values),
  float64: (values) => Float64Array.from(values),
}

const roles = ['variable', 'accumulator', 'gradient'] as const

const dense = (length: number) => (make: Make) => make(wave(length, 3))
const sparse = (indices: readonly number[], width: number) => (make: Make) => ({
  indices,
  values: make(wave(indices.length * width, 3)),
})

function sameOutcomes(make: Make, precision: (typeof precisions)[number]): void {
  const rows = [7, 0, 9, 7]
  for (const [length, gradientOf] of [
    [3, dense(3)],
    [20, dense(20)],
    [2000, dense(2000)],
    [70_000, dense(70_000)],
    [1280, sparse(rows, 128)],
    [1280, sparse([0, 3, 9], 128)],
  ] as const) {
    const expected = outcomes(plain[precision], gradientOf, length)
    sameBits(outcomes(make, gradientOf, length), expected, `of ${length}`)
  }
}

// Subclasses: their constructors and methods may do anything.

function refused(): never {
  throw new Error('a method of the caller was called')
}

const hostileMembers = {
  set: refused,
  subarray: refused,
  slice: refused,
  map: refused,
  fill: refused,
  copyWithin: refused,
  forEach: refused,
  reduce: refused,
  every: refused,
  values: refused,
  [Symbol.iterator]: refused,
}

class Tensor32 extends Float32Array {
  constructor(name: string, length: number) {
    if (typeof name !== 'string') throw new Error('a constructor of the caller was called')
    super(length)
  }
  static get [Symbol.species](): typeof Float32Array {
    return refused()
  }
}
Object.assign(Tensor32.prototype, hostileMembers)

class Tensor64 extends Float64Array {
  constructor(name: string, length: number) {
    if (typeof name !== 'string') throw new Error('a constructor of the caller was called')
    super(length)
  }
  static get [Symbol.species](): typeof Float64Array {
    return refused()
  }
}
Object.assign(Tensor64.prototype, hostileMembers)

function filled<Values extends FloatArray>(array: Values, values: readonly number[]): Values {
  for (let i = 0; i < values.length; i++) array[i] = values[i]
  return array
}

test('arrays of a subclass are stepped like any others, and none of their methods is called', () => {
  sameOutcomes((values) => filled(new Tensor32('t', values.length), values), 'float32')
  sameOutcomes((values) => filled(new Tensor64('t', values.length), values), 'float64')
})

test('one array of a subclass among ordinary ones has none of its methods called', () => {
  for (const length of [1, 20, 2000]) {
    const ordinary = [wave(length, 1), wave(length, 0.1), wave(length, 3)].map((values) => Float32Array.from(values))
    const expected = ordinary.map((array) => array.slice())
    step(expected[0], expected[1], expected[2], OPTIONS)
    roles.forEach((role, k) => {
      const arrays: FloatArray[] = ordinary.map((array) => array.slice())
      arrays[k] = filled(new Tensor32('t', length), wave(length, [1, 0.1, 3][k]))
      step(arrays[0], arrays[1], arrays[2], OPTIONS)
      for (const j of [0, 1])
        sameBits(Float32Array.from([...Array(length).keys()].map((i) => arrays[j][i])), expected[j], role)
    })
  }
})

test('a subclass whose methods give arrays of another length is stepped like any other', () => {
  class Padded extends Float32Array {
    override subarray(begin?: number, end?: number): Float32Array<ArrayBuffer> {
      return super.subarray(begin, (end ?? this.length) - 1) as Float32Array<ArrayBuffer>
    }
    override slice(): Float32Array<ArrayBuffer> {
      return new Float32Array(1)
    }
    override set(): void {}
  }
  sameOutcomes((values) => filled(new Padded(values.length), values), 'float32')
})

test('indices of a subclass name the same rows', () => {
  class Indices extends Int32Array {}
  Object.assign(Indices.prototype, hostileMembers)
  const indices = new Indices(2)
  indices[0] = 2
  indices[1] = 1
  const [variable, accumulator] = [new Float32Array(4).fill(1), new Float32Array(4).fill(0.1)]
  step(variable, accumulator, { indices, values: Float32Array.of(1, 0) }, OPTIONS)
  assert.equal(
    Array.from(variable, (w) => w < 1),
    [false, false, true, false],
  )
})

test('memory shared between threads is stepped like any other', () => {
  for (const precision of precisions) {
    const shared: Make = (values) => {
      const buffer = new SharedArrayBuffer(values.length * 8)
      const view = precision === 'float32' ? new Float32Array(buffer, 0, values.length) : new Float64Array(buffer)
      return filled(view, values)
    }
    sameOutcomes(shared, precision)
  }
})

// Other realms.

test('arrays of another realm are stepped like any others', () => {
  sameOutcomes((values) => otherRealm.Float32Array.from(values), 'float32')
  sameOutcomes((values) => otherRealm.Float64Array.from(values), 'float64')
})

test('a sparse gradient of another realm is summed and stepped as it should', () => {
  const values = otherRealm.Float32Array.of(0.5, 0.5, 1, 1, 0.25, 0.25)
  for (const indices of [[2, 0, 2], otherRealm.Int32Array.of(2, 0, 2), otherRealm.Uint8Array.of(2, 0, 2)]) {
    const [variable, accumulator] = [new Float32Array(6).fill(1), new Float32Array(6).fill(0.1)]
    step(variable, accumulator, { indices, values }, OPTIONS)
    const expected = [0.9, 0.9, 1, 1, 0.925, 0.925]
    for (let i = 0; i < 6; i++) assert.ok(Math.abs(variable[i] - expected[i]) < 2e-6, `w[${i}] is ${variable[i]}`)
  }
})

test('a bound can be written to an array of another realm', () => {
  const out = otherRealm.Float64Array.of(0, 0)
  assert.is(clippingBound(Float32Array.of(1, 2), Float32Array.of(1, 1), {}, out), out)
  assert.ok(out[1] > out[0] && out[0] > 0)
})

// Shared memory.

/** Two stretches of one buffer, `first` and `second` bytes from its start. */
function stretches(Kind: Float32ArrayConstructor | Float64ArrayConstructor, length: number, at: readonly number[]) {
  const bytes = length * Kind.BYTES_PER_ELEMENT
  const buffer = new ArrayBuffer(4 * bytes)
  new Kind(buffer).fill(1)
  return at.map((start) => new Kind(buffer, start * Kind.BYTES_PER_ELEMENT, length) as FloatArray)
}

test('arrays that overlap are refused, from above and from below, whatever they hold', () => {
  const length = 8
  for (const Kind of [Float32Array, Float64Array]) {
    for (const [one, other] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ]) {
      for (const distance of [-7, -4, -1, 0, 1, 4, 7]) {
        for (const difference of [0, 1, Number.NaN]) {
          const [x, y] = stretches(Kind, length, [10, 10 + distance])
          x[0] += difference
          // Unlike the others, so that this one is clearly apart from both.
          const arrays = roles.map(() => new Kind(length).fill(9) as FloatArray)
          arrays[one] = x
          arrays[other] = y
          const [w, a, g] = arrays
          const names = [roles[one], roles[other]]
          refuses(() => step(w, a, g), TypeError, ...names, 'share memory')
          refuses(() => clippingFactor(w, a, g), TypeError, ...names)
          refuses(() => updateVariable(w, a, g, 1), TypeError, ...names)
          if (one === 1) refuses(() => updateAccumulator(a, g), TypeError, ...names)
          if (other === 1) {
            refuses(() => clippingBound(w, a), TypeError, ...names)
          }
        }
      }
    }
  }
})

test('arrays side by side in one buffer are apart, in any order', () => {
  const length = 8
  for (const Kind of [Float32Array, Float64Array]) {
    for (const order of [
      [0, 8, 16],
      [16, 8, 0],
      [8, 0, 16],
      [16, 0, 8],
    ]) {
      const [w, a, g] = stretches(Kind, length, order)
      const apart = [w, a, g].map((array) => array.slice())
      sameNumber(step(w, a, g, OPTIONS), step(apart[0], apart[1], apart[2], OPTIONS), 'the factor')
      sameBits(w, apart[0], 'the variable')
      sameBits(a, apart[1], 'the accumulator')
    }
  }
})

test('arrays of equal numbers in buffers of their own are apart', () => {
  const [w, a, g] = [0, 1, 2].map(() => new Float32Array(5).fill(1))
  assert.ok(step(w, a, g) > 0)
  // NaN at the front, which nothing is equal to, is refused for what it is.
  w[0] = Number.NaN
  refuses(() => step(w, a, g), RangeError, 'variable[0] is NaN')
})

test('arrays of unequal lengths are refused, whatever they begin with, and nothing has changed', () => {
  for (const length of [1, 5, 20, 2000]) {
    for (const starts of [
      [1, 1, 1],
      [1, 2, 3],
    ]) {
      for (const [k, role] of roles.entries()) {
        for (const other of [length - 1, length + 1, 2 * length]) {
          const arrays = starts.map((start, j) => new Float32Array(j === k ? other : length).fill(start))
          const before = arrays.map((array) => array.slice())
          refuses(() => step(arrays[0], arrays[1], arrays[2], OPTIONS), RangeError, role, 'length')
          arrays.forEach((array, j) => {
            sameBits(array, before[j], roles[j])
          })
        }
      }
    }
  }
})

test('bounds cannot be written over the variable or the accumulator', () => {
  const buffer = new ArrayBuffer(256)
  for (const [role, one, other] of [
    ['variable', new Float64Array(buffer, 64, 4), new Float64Array(4)],
    ['accumulator', new Float64Array(4), new Float64Array(buffer, 64, 4)],
  ] as const) {
    for (const at of [40, 64, 88]) {
      const out = new Float64Array(buffer, at, 4)
      refuses(() => clippingBound(one, other, {}, out), TypeError, role, 'out', 'share memory')
    }
    for (const at of [32, 96]) clippingBound(one, other, {}, new Float64Array(buffer, at, 4))
  }
  const single = new Float32Array(buffer, 64, 4)
  refuses(
    () => clippingBound(single, new Float32Array(4), {}, new Float64Array(buffer, 72, 4)),
    TypeError,
    'variable and out share memory',
  )
})

test('sparse values and indices that lie in the variable or the accumulator are refused', () => {
  for (const role of ['variable', 'accumulator'] as const) {
    const length = 8
    const buffer = new ArrayBuffer(16 * 4)
    const arrays = { variable: new Float32Array(length).fill(1), accumulator: new Float32Array(length).fill(1) }
    // Zeros, which as indices are rows too.
    arrays[role] = new Float32Array(buffer, 16, length)
    const { variable, accumulator } = arrays
    for (const at of [12, 16, 44]) {
      const inIndices = { indices: new Uint32Array(buffer, at, 2), values: new Float32Array(2) }
      const inBytes = { indices: new Uint8Array(buffer, at + 3, 2), values: new Float32Array(2) }
      const inValues = { indices: [0, 1], values: new Float32Array(buffer, at, 2) }
      for (const [gradient, part] of [
        [inIndices, 'gradient.indices'],
        [inBytes, 'gradient.indices'],
        [inValues, 'gradient.values'],
      ] as const) {
        refuses(() => step(variable, accumulator, gradient), TypeError, role, part, 'share memory')
        refuses(() => clippingFactor(variable, accumulator, gradient), TypeError, role, part)
        refuses(() => updateVariable(variable, accumulator, gradient, 1), TypeError, role, part)
        if (role === 'accumulator') refuses(() => updateAccumulator(accumulator, gradient), TypeError, role, part)
      }
    }
    for (const at of [8, 48]) {
      const indices = new Uint32Array(buffer, at, 2)
      indices.set([0, 1])
      step(variable, accumulator, { indices, values: new Float32Array(2).fill(1) })
    }
  }
})

test('sparse rows do not hide that arrays are one, even where these begin with NaN, which is unequal to itself', () => {
  const array = Float32Array.of(Number.NaN, 1, 1)
  const other = Float32Array.of(1, 1, 1)
  const rows = { indices: [2], values: Float32Array.of(0.5) }
  refuses(() => step(array, array, rows), TypeError, 'variable', 'accumulator', 'share memory')
  const inVariable = { indices: [1, 2], values: array.subarray(0, 2) }
  refuses(() => step(array, other, inVariable), TypeError, 'variable', 'gradient.values', 'share memory')
})

// Messages.

test('a detached array is refused', () => {
  for (const role of roles) {
    const arrays = {
      variable: new Float32Array(100),
      accumulator: new Float32Array(100),
      gradient: new Float32Array(100),
    }
    structuredClone(arrays[role], { transfer: [arrays[role].buffer] })
    const { variable, accumulator, gradient } = arrays
    // Optimised code of V8 may still see the old length; then the engine itself finds out, before anything is written.
    assert.throws(
      () => step(variable, accumulator, gradient),
      (error: unknown) => {
        if (error instanceof TypeError) return error.message.endsWith('on a detached ArrayBuffer')
        return error instanceof RangeError && error.message.startsWith(`${role} is detached`)
      },
    )
  }
})

test('a detached array of a subclass is said to be detached', () => {
  class Tensor extends Float32Array {}
  const variable = new Tensor(100)
  structuredClone(variable, { transfer: [variable.buffer] })
  refuses(() => step(variable, new Float32Array(100), new Float32Array(100)), RangeError, 'variable is detached')
})

test('an array that is merely empty is not said to be detached', () => {
  refuses(
    () => step(new Float32Array(2), new Float32Array(2), new Float32Array(0)),
    RangeError,
    'gradient has length 0; expected 2, the length of variable',
  )
})

test('a gradient that is neither is refused by what it is', () => {
  for (const [gradient, words] of [
    [null, 'gradient is null'],
    [undefined, 'gradient is undefined'],
    [[1], 'gradient is an array of length 1'],
    [
      { indices: [0] },
      'gradient is an object; expected a typed array or { indices, values }; the order is variable, accumulator, gradient',
    ],
    [{ values: Float32Array.of(1) }, 'gradient is an object'],
  ] as const) {
    refuses(() => step(Float32Array.of(1), Float32Array.of(1), gradient as unknown as Float32Array), TypeError, words)
  }
  const wrong = { indices: [0], values: [1] as unknown as Float32Array }
  refuses(
    () => step(Float32Array.of(1), Float32Array.of(1), wrong),
    TypeError,
    'gradient.values is an array of length 1',
  )
  const mixed = { indices: [0], values: Float64Array.of(1) as unknown as Float32Array }
  refuses(() => step(Float32Array.of(1), Float32Array.of(1), mixed), TypeError, 'gradient.values is a Float64Array')
})

test.run()
