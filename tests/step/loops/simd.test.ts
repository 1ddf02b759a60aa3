import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Block, smallestFactorOf, squareBlock, updateBlock } from '../../../src/step/loops/driver.ts'
import { type Kernel, makeKernel, preparedLoops } from '../../../src/step/loops/kernel.ts'
import { anyCase, factor as anyFactor, ordinaryCase } from '../../support/arbitraries.ts'
import { sameBits, sameNumber } from '../../support/assertions.ts'
import { guardsHold, hyperparametersOf, kernelBlock, portableBlock, stepOn, tiled } from '../../support/blocks.ts'
import { type Case, caseOf, modes, withOptions } from '../../support/case.ts'
import { precisions } from '../../support/precision.ts'
import { holds } from '../../support/property.ts'
import { boundViolations } from '../../support/violations.ts'

/**
 * The SIMD loops against the portable ones, bit for bit. Where there is no WebAssembly (the second run of the suite) the
 * portable ones are compared with themselves.
 */
const test = suite('SIMD loops')

const length = fc.integer({ min: 0, max: 150 })
const offset = fc.integer({ min: 0, max: 4 })

function sameArrays(simd: Block, portable: Block, what: string): void {
  sameBits(simd.variable, portable.variable, `${what}, the variable`)
  sameBits(simd.accumulator, portable.accumulator, `${what}, the accumulator`)
  sameBits(simd.gradient, portable.gradient, `${what}, the gradient`)
  assert.ok(guardsHold(simd), `${what}, something outside the arrays was written to`)
}

function sameStep(input: Case, at = 0, what = 'a step'): void {
  const h = hyperparametersOf(input)
  const [portable, simd] = [portableBlock(input), kernelBlock(input, at)]
  const expected = stepOn(portable, h)
  sameNumber(stepOn(simd, h), expected, `${what}, the factor`)
  sameArrays(simd, portable, what)
}

test('a whole step has the same bits on both, at any length and address', () => {
  holds(fc.tuple(anyCase, length, offset), ([small, n, at]) => sameStep(tiled(small, n), at), 2000)
})

test('every length up to four groups and a half has the same bits, in every mode', () => {
  for (const small of fc.sample(anyCase, { numRuns: 6, seed: 5 })) {
    for (const mode of Object.values(modes)) {
      for (let n = 0; n <= 72; n++) sameStep(withOptions(tiled(small, n), mode), n % 5, `length ${n}`)
    }
  }
})

test('the bound holds exactly on the SIMD loops', () => {
  const onKernel = (input: Case) => {
    const block = kernelBlock(input)
    const factor = stepOn(block, hyperparametersOf(input))
    input.variable.set(block.variable)
    input.accumulator.set(block.accumulator)
    return factor
  }
  holds(fc.tuple(anyCase, fc.integer({ min: 16, max: 100 })), ([small, n]) => {
    assert.equal(boundViolations(tiled(small, n), onKernel), [])
  })
})

test('the first pass starts from any factor and goes no higher', () => {
  holds(fc.tuple(anyCase, length, anyFactor, fc.boolean()), ([small, n, factor, standard]) => {
    const input = tiled(small, n)
    const h = hyperparametersOf(input)
    const expected = smallestFactorOf(portableBlock(input), factor, standard, h)
    sameNumber(smallestFactorOf(kernelBlock(input), factor, standard, h), expected, 'the factor')
    assert.not(expected > factor)
  })
})

test('the second pass takes any factor, and accumulates where it is told to', () => {
  holds(fc.tuple(anyCase, length, anyFactor, fc.boolean()), ([small, n, factor, accumulates]) => {
    const input = tiled(small, n)
    const h = hyperparametersOf(input)
    const [portable, simd] = [portableBlock(input), kernelBlock(input)]
    for (const block of [portable, simd]) updateBlock(block, factor, accumulates, h)
    sameArrays(simd, portable, `factor ${factor}`)
    if (!accumulates) sameBits(portable.accumulator, input.accumulator, 'the accumulator')
  })
})

test('squares take any factor', () => {
  holds(fc.tuple(anyCase, length, anyFactor), ([small, n, factor]) => {
    const input = tiled(small, n)
    const h = hyperparametersOf(input)
    const [portable, simd] = [portableBlock(input), kernelBlock(input)]
    for (const block of [portable, simd]) squareBlock(block, factor, h)
    sameArrays(simd, portable, `factor ${factor}`)
  })
})

test('an accumulator threshold of any size has the same bits on both', () => {
  for (const small of fc.sample(ordinaryCase, { numRuns: 12, seed: 11 })) {
    for (const mode of Object.values(modes)) {
      for (const threshold of [0, 5e-324, 1e-310, 1e-301, 1e-45, 1e-38, 1e-7, 0.01, 3, 1e20, 1e38, 1e39, 1e300]) {
        const set = { ...mode, accumulatorRelativeThreshold: threshold }
        sameStep(withOptions(tiled(small, 53), set), 0, `threshold ${threshold}`)
        const bare = { ...set, variableRelativeThreshold: 0, absoluteThreshold: 0, learningRate: 10 }
        sameStep(withOptions(tiled(small, 53), bare), 0, `bare threshold ${threshold}`)
      }
    }
  }
})

// What is not finite.

for (const precision of precisions) {
  for (const role of ['variable', 'accumulator', 'gradient'] as const) {
    test(`NaN and infinities in a ${role} are found in every pair of lanes of a group (${precision})`, () => {
      const n = 32
      const ones = new Array<number>(n).fill(1)
      const values = { variable: ones, accumulator: ones.map(() => 0.1), gradient: ones.map(() => 0.01) }
      for (const useStandardAccumulatorUpdate of [false, true]) {
        for (const accumulatorRelativeThreshold of [0, 0.1]) {
          const set = { epsilon: 0, useStandardAccumulatorUpdate, accumulatorRelativeThreshold }
          const input = caseOf(precision, values, set)
          const h = hyperparametersOf(input)
          const block = kernelBlock(input)
          assert.ok(smallestFactorOf(block, 1, useStandardAccumulatorUpdate, h) === 1)
          for (let huge = 0; huge < 16; huge++) {
            for (let bad = 0; bad < 16; bad++) {
              if (bad === huge) continue
              for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
                // Beside a product of 0 · ∞, which a hasty sum or minimum would let hide it.
                block.variable[huge] = 1e30
                block.accumulator[huge] = 0
                block[role][bad] = value
                const found = smallestFactorOf(block, 1, useStandardAccumulatorUpdate, h)
                assert.ok(Number.isNaN(found), `${value} in lane ${bad} beside ${huge}: ${found}`)
                for (const i of [huge, bad]) {
                  block.variable[i] = 1
                  block.accumulator[i] = input.accumulator[1]
                  block.gradient[i] = input.gradient[1]
                }
              }
            }
          }
        }
      }
    })
  }
}

test('the first of two values that are not finite may stand behind a coordinate that takes care', () => {
  // The group of coordinate 0 is left to the portable loops, which go on; the kernel takes over again behind it.
  for (const precision of precisions) {
    const ones = new Array<number>(48).fill(1)
    const input = caseOf(precision, { variable: ones, accumulator: ones, gradient: ones })
    input.accumulator[0] = -1e-9
    input.gradient[47] = Number.NaN
    assert.ok(Number.isNaN(smallestFactorOf(kernelBlock(input), 1, false, hyperparametersOf(input))))
  }
})

test('a sum of squares that overflows beside such a square has the same factor on both', () => {
  const set = { learningRate: 0.1, epsilon: 0, useStandardAccumulatorUpdate: true }
  const input = caseOf('float32', { variable: [], accumulator: [], gradient: [] }, set)
  const wide: Case = {
    ...input,
    variable: new Float32Array(32).fill(1),
    accumulator: new Float32Array(32).fill(0.1),
    gradient: new Float32Array(32).fill(0.01),
  }
  wide.variable.set([1e30, 1, 1, 1, 1e-7], 8)
  wide.accumulator[8] = 0
  wide.gradient.set([1e-30, 0.01, 0.01, 0.01, 3e19], 8)
  sameStep(wide)
})

// The second chance that a group gets in the kernel, before it is left to the portable loops.

function constant(
  precision: (typeof precisions)[number],
  w: number,
  g: number,
  options: Partial<Case['options']>,
): Case {
  const filled = (x: number) => new Array<number>(64).fill(x)
  return caseOf(precision, { variable: filled(w), accumulator: filled(0.1), gradient: filled(g) }, options)
}

function kernelOf(block: Block): Kernel | undefined {
  return block.inKernel?.kernel
}

for (const precision of precisions) {
  for (const useStandardAccumulatorUpdate of [false, true]) {
    const mode = useStandardAccumulatorUpdate ? 'standard' : 'delayed'
    test(`the kernel itself finds the factor of clipped constant arrays (${precision}, ${mode} mode)`, () => {
      for (const w of [1, 0]) {
        const input = constant(precision, w, 5, { learningRate: 1, useStandardAccumulatorUpdate })
        input.gradient[3] = 0
        input.gradient[4] = -5
        const h = hyperparametersOf(input)
        const block = kernelBlock(input)
        const kernel = kernelOf(block)
        if (block.inKernel === undefined || kernel === undefined) return
        const loops = preparedLoops(kernel, h)
        const pass = precision === 'float32' ? loops.factor32 : loops.factor64
        const { variable, accumulator, gradient } = block.inKernel
        const found = pass(variable, accumulator, gradient, 0, 64, 1, useStandardAccumulatorUpdate)
        // Below zero it would say where it has stopped.
        const expected = smallestFactorOf(portableBlock(input), 1, useStandardAccumulatorUpdate, h)
        assert.ok(expected > 0 && expected < 1)
        sameNumber(found, expected, 'the factor')
      }
    })
  }

  test(`the kernel itself settles moves that end between its quick bound and the exact one (${precision})`, () => {
    let lucky = 0
    let reached = 0
    const step = precision === 'float32' ? 2 ** -24 : 2 ** -53
    for (let k = 0; k < 3000; k++) {
      // A move of a hundredth is rounded coarsely: now and then it comes out longer than planned, and still within its bound.
      const set = { learningRate: 1, absoluteThreshold: 0, variableRelativeThreshold: 0.01 }
      const input = constant(precision, 1 + k / 3001, 5, set)
      const h = hyperparametersOf(input)
      const block = kernelBlock(input)
      const portable = portableBlock(input)
      const factor = stepOn(portable, h)
      const share = Math.abs(portable.variable[0] - input.variable[0]) / (Math.abs(input.variable[0]) * 0.01)
      // The quick bound is lower by 2^-21 in float32, by 2^-48 in float64.
      const isBetween = share > 1 - (precision === 'float32' ? 2 ** -21 : 2 ** -48) + step && share < 1 - step
      if (!isBetween) {
        lucky++
        continue
      }
      reached++
      updateBlock(block, factor, true, h)
      sameArrays(block, portable, `w ${input.variable[0]}`)
      const kernel = kernelOf(block)
      if (block.inKernel === undefined || kernel === undefined) continue
      const again = kernelBlock(input)
      const loops = preparedLoops(kernel, h)
      const pass = precision === 'float32' ? loops.update32 : loops.update64
      const { variable, accumulator, gradient } = block.inKernel
      assert.is(pass(variable, accumulator, gradient, 0, 64, factor, true), 64)
      sameArrays(again, portable, `w ${input.variable[0]}, by the kernel alone`)
    }
    assert.ok(reached > 10 && lucky > 10, `${reached} such moves`)
  })
}

test('the kernel itself goes on behind the pages that it begins ahead', () => {
  const n = 2 ** 20
  const kernel = makeKernel(12 * n)
  if (kernel === undefined) return
  const [w, a, g] = [0, 1, 2].map((k) => new Float32Array(kernel.buffer, 4 * k * n, n).fill(1))
  g.fill(0.001)
  const loops = preparedLoops(kernel, hyperparametersOf(constant('float32', 1, 0.001, { learningRate: 0.1 })))
  const at = [w.byteOffset, a.byteOffset, g.byteOffset] as const
  assert.is(loops.factor32(...at, 0, n, 1, false), 1)
  assert.is(loops.update32(...at, 0, n, 1, false), n)
})

// One kernel, several options.

test('a kernel takes the constants of the options that it is given, whatever it worked with last', () => {
  const drawn = fc.sample(ordinaryCase, { numRuns: 40, seed: 3 }).map((small) => tiled(small, 40))
  for (const input of drawn) sameStep(input)
  // The same arrays under options that differ in one value.
  const [input] = drawn
  const changes = [
    { learningRate: 0.5 },
    { epsilon: 0.25 },
    { variableRelativeThreshold: 0.003 },
    { accumulatorRelativeThreshold: 0.002 },
    { absoluteThreshold: 0.001 },
  ]
  const shared = kernelBlock(input)
  for (const change of [...changes, ...changes].flatMap((set) => [set, {}])) {
    const changed = withOptions(input, change)
    const h = hyperparametersOf(changed)
    const expected = smallestFactorOf(portableBlock(changed), 1, false, h)
    sameNumber(smallestFactorOf(shared, 1, false, h), expected, JSON.stringify(change))
  }
})

test.run()
