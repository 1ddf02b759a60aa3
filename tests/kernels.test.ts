import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { allocate, type Gradient, kernel, step } from '../src/index.ts'
import type { Accumulation, Engine } from '../src/step/engine.ts'
import { hyperparameters } from '../src/step/hyperparameters.ts'
import { planStep } from '../src/step/plan.ts'
import { precisionOf } from '../src/step/precision.ts'
import { scalarEngine } from '../src/step/scalar-engine.ts'
import { KERNEL } from '../src/step/simd/kernel-bytes.ts'
import { simdEngine } from '../src/step/simd/simd-engine.ts'
import { anyCase, factor as anyFactor } from './support/arbitraries.ts'
import { sameBits, sameNumber } from './support/assertions.ts'
import { type Case, copyOf, defaults } from './support/case.ts'
import type { FloatArray } from './support/precision.ts'
import { holds } from './support/property.ts'
import { boundViolations } from './support/violations.ts'

/**
 * The SIMD engine against the scalar one, bit for bit. Where there is no WebAssembly (the second run of the suite) the
 * SIMD engine falls back on the scalar one and the laws hold trivially.
 */
const test = suite('kernels')

/** Where a step finds its arrays. */
type Place = 'ordinary' | 'allocated' | 'allocated, gradient elsewhere'
const places: readonly Place[] = ['ordinary', 'allocated', 'allocated, gradient elsewhere']

/** The coordinates of a case again and again, each time one further on, up to a length. */
function tiled(input: Case, length: number): Case {
  const repeat = (array: FloatArray) => {
    const long = array.length === 0 ? array.slice() : new (array.constructor as Float64ArrayConstructor)(length)
    for (let i = 0; i < long.length; i++) long[i] = array[(i + Math.floor(i / array.length)) % array.length]
    return long as FloatArray
  }
  const { variable, accumulator, gradient, options } = input
  return { variable: repeat(variable), accumulator: repeat(accumulator), gradient: repeat(gradient), options }
}

function placed(input: Case, place: Place): Case {
  const copy = copyOf(input)
  if (place === 'ordinary') return copy
  const precision = copy.variable instanceof Float32Array ? 'float32' : 'float64'
  const arrays = allocate(copy.variable.length, { precision })
  arrays.variable.set(copy.variable)
  arrays.accumulator.set(copy.accumulator)
  arrays.gradient.set(copy.gradient)
  return { ...copy, ...arrays, ...(place === 'allocated' ? {} : { gradient: copy.gradient }) }
}

function accumulationOf({ options }: Case): Accumulation {
  if (options.useStandardAccumulatorUpdate) return 'standard'
  return options.clipAccumulatorUpdate ? 'clipped' : 'delayed'
}

/** Both passes with one engine; returns the factor and leaves what they wrote in the case. */
function stepWith(engine: Engine, input: Case, gradient: Gradient = input.gradient): number {
  const { variable, accumulator, options } = input
  const precision = precisionOf(variable)
  assert.ok(precision !== undefined)
  const plan = { ...planStep(variable, accumulator, gradient, hyperparameters(options, precision)), engine }
  const factor = engine.smallestFactor(plan, options.useStandardAccumulatorUpdate)
  if (!Number.isNaN(factor)) engine.update(plan, factor, accumulationOf(input), true)
  return factor
}

function sameStep(input: Case, place: Place): void {
  const [scalar, simd] = [copyOf(input), placed(input, place)]
  const expected = stepWith(scalarEngine, scalar)
  sameNumber(stepWith(simdEngine, simd), expected, `the factor, ${place}`)
  sameBits(simd.variable, scalar.variable, `the variable, ${place}`)
  sameBits(simd.accumulator, scalar.accumulator, `the accumulator, ${place}`)
}

test('kernel() says what there is', () => {
  assert.is(kernel(), typeof WebAssembly === 'undefined' ? 'scalar' : 'simd')
})

test('the kernel is small enough for every browser to compile it on its main thread', () => {
  assert.ok(atob(KERNEL).length < 4096)
})

test('a step has the same bits on both kernels, wherever its arrays lie', () => {
  const input = fc.tuple(anyCase, fc.integer({ min: 0, max: 150 }), fc.constantFrom(...places))
  holds(input, ([small, length, place]) => sameStep(tiled(small, length), place), 2000)
})

test('the bound holds exactly on the SIMD kernel', () => {
  holds(fc.tuple(anyCase, fc.integer({ min: 64, max: 100 })), ([small, length]) => {
    assert.equal(boundViolations(tiled(small, length)), [])
    const withAllocation = (input: Case) => {
      const inPlace = placed(input, 'allocated')
      const factor = step(inPlace.variable, inPlace.accumulator, inPlace.gradient, inPlace.options)
      input.variable.set(inPlace.variable)
      input.accumulator.set(inPlace.accumulator)
      return factor
    }
    assert.equal(boundViolations(tiled(small, length), withAllocation), [])
  })
})

test('a step has the same bits around the lengths of the stage and its blocks', () => {
  for (const small of fc.sample(anyCase, { numRuns: 4, seed: 5 })) {
    for (const boundary of [8192, 16_384, 32_768, 65_536, 81_920]) {
      for (const off of [-1, 0, 1]) for (const place of places) sameStep(tiled(small, boundary + off), place)
    }
  }
})

test('a given factor moves the variable to the same bits', () => {
  holds(fc.tuple(anyCase, fc.integer({ min: 0, max: 150 }), anyFactor), ([small, length, factor]) => {
    const input = tiled(small, length)
    const [scalar, simd] = [scalarEngine, simdEngine].map((engine) => {
      const { variable, accumulator, gradient, options } = copyOf(input)
      const precision = precisionOf(variable)
      assert.ok(precision !== undefined)
      const plan = { ...planStep(variable, accumulator, gradient, hyperparameters(options, precision)), engine }
      if (!Number.isNaN(engine.smallestFactor(plan, false))) engine.update(plan, factor, 'none', false)
      sameBits(accumulator, input.accumulator, 'the accumulator')
      return variable
    })
    sameBits(simd, scalar, 'the variable')
  })
})

test('a NaN or infinity anywhere is found on both', () => {
  const places = fc.constantFrom('variable', 'accumulator', 'gradient')
  const bad = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY)
  holds(
    fc.tuple(anyCase, fc.integer({ min: 1, max: 150 }), fc.nat(), places, bad),
    ([small, length, at, array, value]) => {
      const input = tiled(small, length)
      if (input.variable.length === 0) return
      input[array][at % length] = value
      for (const engine of [scalarEngine, simdEngine]) assert.ok(Number.isNaN(stepWith(engine, copyOf(input))))
    },
  )
})

test('a sparse step has the same bits on both kernels', () => {
  const shape = fc.record({ width: fc.integer({ min: 1, max: 40 }), rows: fc.integer({ min: 1, max: 30 }) })
  holds(fc.tuple(anyCase, shape, fc.infiniteStream(fc.nat())), ([small, { width, rows }, stream]) => {
    if (small.variable.length === 0) return
    const input = tiled(small, width * rows)
    const indices = Array.from(
      { length: 1 + ((stream.next().value ?? 0) % (2 * rows)) },
      () => (stream.next().value ?? 0) % rows,
    )
    const values = tiled(small, indices.length * width).gradient
    const [scalar, simd] = [copyOf(input), copyOf(input)]
    const expected = stepWith(scalarEngine, scalar, { indices, values })
    sameNumber(stepWith(simdEngine, simd, { indices, values }), expected, 'the factor')
    sameBits(simd.variable, scalar.variable, 'the variable')
    sameBits(simd.accumulator, scalar.accumulator, 'the accumulator')
  })
})

test('a sparse step larger than either stage has the same bits on both kernels', () => {
  for (const [width, rows, touched] of [
    [24, 6000, 5000],
    [24, 50_000, 45_000],
    [100_000, 3, 2],
  ]) {
    const small = fc.sample(anyCase, { numRuns: 10, seed: width + rows }).find(({ variable }) => variable.length > 0)
    assert.ok(small !== undefined)
    const input = tiled(small, width * rows)
    const indices = Array.from({ length: touched }, (_, k) => (k * 7919) % rows)
    const values = tiled(small, indices.length * width).gradient
    const [scalar, simd] = [copyOf(input), copyOf(input)]
    const expected = stepWith(scalarEngine, scalar, { indices, values })
    sameNumber(stepWith(simdEngine, simd, { indices, values }), expected, 'the factor')
    sameBits(simd.variable, scalar.variable, 'the variable')
    sameBits(simd.accumulator, scalar.accumulator, 'the accumulator')
  }
})

test('an infinity is found beside a square that overflows under an accumulator of 0, in whichever lanes they are', () => {
  const n = 32
  const options = { ...defaults, epsilon: 0 }
  for (const array of ['variable', 'accumulator', 'gradient'] as const) {
    for (let huge = 0; huge < 16; huge++) {
      for (let infinite = 0; infinite < 16; infinite++) {
        if (huge === infinite) continue
        const input: Case = {
          variable: new Float32Array(n).fill(1),
          accumulator: new Float32Array(n).fill(0.1),
          gradient: new Float32Array(n).fill(0.01),
          options,
        }
        input.variable[huge] = 1e30
        input.accumulator[huge] = 0
        input[array][infinite] = Number.POSITIVE_INFINITY
        assert.ok(Number.isNaN(stepWith(simdEngine, input)), `${array}[${infinite}] beside ${huge}`)
      }
    }
  }
})

test('a sum of squares that overflows beside such a square has the same factor on both kernels', () => {
  const input: Case = {
    variable: new Float32Array(32).fill(1),
    accumulator: new Float32Array(32).fill(0.1),
    gradient: new Float32Array(32).fill(0.01),
    options: { ...defaults, learningRate: 0.1, epsilon: 0, useStandardAccumulatorUpdate: true },
  }
  input.variable.set([1e30, 1, 1, 1, 1e-7], 8)
  input.accumulator[8] = 0
  input.gradient.set([1e-30, 0.01, 0.01, 0.01, 3e19], 8)
  for (const place of places) sameStep(input, place)
})

test('views of another precision on an allocation are arrays like any other', () => {
  const { variable, accumulator } = allocate(1000)
  const [w, a] = [variable, accumulator].map(({ buffer, byteOffset }) => new Float64Array(buffer, byteOffset, 500))
  w.fill(1)
  a.fill(0.1)
  const [plainW, plainA] = [w.slice(), a.slice()]
  const gradient = new Float64Array(500).fill(0.5)
  step(w, a, gradient, { learningRate: 0.1 })
  step(plainW, plainA, gradient, { learningRate: 0.1 })
  sameBits(w, plainW, 'the variable')
  sameBits(a, plainA, 'the accumulator')
})

test.run()
