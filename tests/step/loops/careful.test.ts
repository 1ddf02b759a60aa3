import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { coordinateFactor, stoppedAtBound } from '../../../src/step/coordinate.ts'
import type { Hyperparameters } from '../../../src/step/hyperparameters.ts'
import { type Block, smallestFactorOf, updateBlock } from '../../../src/step/loops/driver.ts'
import { float32Loops } from '../../../src/step/loops/float32.ts'
import { float64Loops } from '../../../src/step/loops/float64.ts'
import { anyCase, factor as anyFactor } from '../../support/arbitraries.ts'
import { sameBits, sameNumber } from '../../support/assertions.ts'
import { hyperparametersOf, kernelBlock, portableBlock, tiled } from '../../support/blocks.ts'
import { type Case, caseOf, modes, withOptions } from '../../support/case.ts'
import { type FloatArray, limitsOf, precisionOf, precisions } from '../../support/precision.ts'
import { holds } from '../../support/property.ts'

/** A fast test may leave a coordinate to coordinate.ts, but where it settles one itself it has to say the same, to the bit. */
const test = suite('the loops and the careful functions')

const blocks: ReadonlyArray<[name: string, make: (input: Case) => Block]> = [
  ['portable', portableBlock],
  ['SIMD', kernelBlock],
]

/** The portable loops' own idea of a coordinate, which the careful functions take as given. */
function loopsOf(array: FloatArray): typeof float32Loops | typeof float64Loops {
  return precisionOf(array) === 'float32' ? float32Loops : float64Loops
}

function carefulFactor(
  { variable, accumulator, gradient }: Case,
  factor: number,
  standard: boolean,
  h: Hyperparameters,
) {
  const { squared } = loopsOf(variable)
  let smallest = factor
  for (let i = 0; i < variable.length; i++) {
    const a = standard ? squared(accumulator[i], gradient[i]) : accumulator[i]
    const candidate = coordinateFactor(variable[i], a, gradient[i], h)
    if (Number.isNaN(candidate)) return Number.NaN
    smallest = Math.min(smallest, candidate)
  }
  return smallest
}

function carefulMove({ variable, accumulator, gradient }: Case, factor: number, h: Hyperparameters): FloatArray {
  const { proposal } = loopsOf(variable)
  return variable.map((w, i) => {
    const [a, g] = [accumulator[i], gradient[i]]
    return stoppedAtBound(w, a, g, factor, proposal(w, a, g, factor, h), h)
  })
}

function sameFactor(make: (input: Case) => Block, input: Case, factor: number, standard: boolean): void {
  const h = hyperparametersOf(input)
  sameNumber(
    smallestFactorOf(make(input), factor, standard, h),
    carefulFactor(input, factor, standard, h),
    `from ${factor}, ${standard ? 'standard' : 'delayed'} mode, the factor`,
  )
}

/** From a hair above the smallest factor, where a fast test that takes too much for granted passes the coordinate that has it. */
function sameFactorFromJustAbove(make: (input: Case) => Block, input: Case, standard: boolean): void {
  const smallest = carefulFactor(input, 1, standard, hyperparametersOf(input))
  for (const above of [2 ** -52, 2 ** -40, 2 ** -30, 2 ** -24, 2 ** -22]) {
    sameFactor(make, input, Math.min(1, smallest * (1 + above)), standard)
  }
}

function sameMove(make: (input: Case) => Block, input: Case, factor: number): void {
  const h = hyperparametersOf(input)
  const block = make(input)
  updateBlock(block, factor, false, h)
  sameBits(block.variable, carefulMove(input, factor, h), `with factor ${factor}, the variable`)
}

for (const [name, make] of blocks) {
  test(`the first pass finds the factor that coordinate.ts finds, whatever it starts from (${name} loops)`, () => {
    const given = fc.tuple(anyCase, fc.integer({ min: 1, max: 40 }), anyFactor, fc.boolean())
    holds(given, ([small, length, factor, standard]) => {
      sameFactor(make, small, 1, standard)
      sameFactor(make, tiled(small, length), factor, standard)
      sameFactorFromJustAbove(make, tiled(small, length), standard)
    })
  })

  test(`the second pass moves to where coordinate.ts says (${name} loops)`, () => {
    holds(fc.tuple(anyCase, fc.integer({ min: 1, max: 40 }), anyFactor), ([small, length, factor]) => {
      const input = tiled(small, length)
      const found = smallestFactorOf(portableBlock(input), 1, false, hyperparametersOf(input))
      sameMove(make, input, found)
      sameMove(make, input, factor)
    })
  })

  for (const precision of precisions) {
    test(`both passes do so at every size of each of w, a and g (${precision}, ${name} loops)`, () => {
      const most = precision === 'float32' ? 126 : 1022
      const sizes: number[] = []
      const stride = precision === 'float32' ? 14 : 113
      for (let e = -most - 20; e <= most; e += stride) sizes.push(1.37 * 2 ** e)
      for (const w of [0, ...sizes]) {
        for (const a of [0, ...sizes]) {
          const values = { variable: sizes.map(() => w), accumulator: sizes.map(() => a), gradient: sizes }
          const input = caseOf(precision, values, { learningRate: 1, epsilon: 0, absoluteThreshold: 0 })
          for (const accumulatorRelativeThreshold of [0, 2 ** -60]) {
            const set = { accumulatorRelativeThreshold }
            sameFactor(make, withOptions(input, set), 1, false)
            sameFactor(make, withOptions(input, set), 2 ** -40, true)
            for (const factor of [1, 2 ** -40, 2 ** -130]) sameMove(make, withOptions(input, set), factor)
          }
        }
      }
    })
  }
}

for (const [name, make] of blocks) {
  for (const precision of precisions) {
    const { smallest, smallestNormal } = limitsOf(precision)

    test(`a factor is found also where lr · factor is too small for the type (${precision}, ${name} loops)`, () => {
      const [size, least] = precision === 'float32' ? [100, -40] : [1000, -100]
      for (let k = 0; k < 64; k++) {
        const gradient = Array.from({ length: 32 }, (_, i) => 2 ** size * (1 + ((i * 7 + k) % 32) / 64))
        const values = { variable: gradient.map(() => 0), accumulator: gradient.map(() => 1 + k / 64), gradient }
        const learningRate = precision === 'float32' ? 1 : 2 ** -100
        const set = { learningRate, epsilon: 0, variableRelativeThreshold: 0, absoluteThreshold: 2 ** least }
        sameFactorFromJustAbove(make, caseOf(precision, values, set), false)
        sameFactor(make, caseOf(precision, values, set), 1, false)
      }
    })

    test(`both passes say the same of bounds and moves of a few subnormal steps (${precision}, ${name} loops)`, () => {
      for (const variableRelativeThreshold of [0.1, 0.3, 0.5, 1]) {
        for (let k = 0; k < 24; k++) {
          const gradient = Array.from({ length: 32 }, (_, j) => (j - 16) * smallest)
          const values = { variable: gradient.map(() => k * smallest), accumulator: gradient.map(() => 1), gradient }
          const set = { learningRate: 1, epsilon: 0, variableRelativeThreshold, absoluteThreshold: 0 }
          const input = caseOf(precision, values, set)
          sameFactor(make, input, 1, false)
          for (const factor of [1, 0.5]) sameMove(make, input, factor)
        }
      }
    })

    test(`a product that rounds to a larger subnormal number does not hide a factor below 1 (${precision}, ${name} loops)`, () => {
      // flat · q is m + 1/2 of the smallest numbers and rounds up; times flat it passes k + 1/2 of them, and would round up again,
      // while the square of the move, which is larger in fact, rounds down.
      const steps = smallestNormal / smallest
      let tried = 0
      for (let k = 0; k < 1000; k++) {
        const root = Math.sqrt((k + 0.5) * steps)
        const m = Math.floor(root - 0.5)
        const flat = (m + 0.52) / steps
        const right = (m + 0.52) * flat
        if (!(right < k + 0.5 && (m + 1) * flat > k + 0.5)) continue
        tried++
        const g = Math.sqrt((right + k + 0.5) / 2) * Math.sqrt(smallest)
        // In each lane of a group in turn, among coordinates that are free.
        const zeros = new Array<number>(32).fill(0)
        const at = tried % 16
        const values = {
          variable: zeros,
          accumulator: zeros.map((_, i) => (i === at ? smallestNormal : 1)),
          gradient: zeros.map((_, i) => (i === at ? g : 0)),
        }
        const set = { learningRate: 1, epsilon: 0, variableRelativeThreshold: 0, absoluteThreshold: flat }
        const input = caseOf(precision, values, set)
        sameFactor(make, input, 1, false)
      }
      assert.ok(tried > 16)
    })
  }

  test(`an accumulator below zero counts as it is, in standard mode as its update has rounded it (${name} loops)`, () => {
    // a + ε loses nearly all its digits here, so that the roundings of ε and of a + g² decide.
    const g = Array.from({ length: 64 }, (_, k) => 1e-6 * (1 + k / 640))
    for (const g0 of g) {
      for (const share of [0.9, 0.999, 1 - 1e-6]) {
        const values = { variable: [0.01], accumulator: [-1e-7 * share], gradient: [g0] }
        const input = caseOf('float32', values, { ...modes.standard, learningRate: 1 })
        for (const standard of [false, true]) sameFactorFromJustAbove(make, tiled(input, 32), standard)
      }
    }
  })
}

test.run()
