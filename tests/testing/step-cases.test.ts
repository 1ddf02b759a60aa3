import fc4 from 'fast-check'
import fc3 from 'fast-check-3'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { step } from '../../src/index.ts'
import { boundViolation, type Precision, type StepCasesOptions, stepCases } from '../../src/testing/index.ts'
import { refuses, sameBits } from '../support/assertions.ts'
import { type Case, copyOf } from '../support/case.ts'
import { naiveStep } from '../support/naive.ts'
import { boundTooLow } from '../support/oracle.ts'
import { limitsOf, precisionOf, precisions } from '../support/precision.ts'
import { preconditionedWith } from '../support/violations.ts'

const test = suite('testing: stepCases')

type FastCheck = typeof fc4

const versions: ReadonlyArray<[name: string, fc: FastCheck]> = [
  ['fast-check 4', fc4],
  // Whoever has version 3 has its types under the name fast-check; here they go by another name.
  ['fast-check 3', fc3 as unknown as FastCheck],
]
const domains = ['ordinary', 'hostile'] as const

const nothing = {
  cases: 0,
  clipped: 0,
  free: 0,
  frozen: 0,
  coordinates: 0,
  subnormal: 0,
  zeroVariable: 0,
  zeroAccumulator: 0,
  zeroGradient: 0,
  /** Moved by all of the bound but one part in 10^5. */
  tight: 0,
  delayed: 0,
  clippedAccumulator: 0,
  standard: 0,
}

function count(input: Case, counts: typeof nothing): void {
  const { variable, accumulator, gradient, options } = input
  const { smallestNormal } = limitsOf(precisionOf(variable))
  const after = copyOf(input)
  const factor = step(after.variable, after.accumulator, after.gradient, after.options)
  counts.cases += 1
  counts[factor === 1 ? 'free' : factor === 0 ? 'frozen' : 'clipped'] += 1
  if (options.useStandardAccumulatorUpdate) counts.standard += 1
  else if (options.clipAccumulatorUpdate) counts.clippedAccumulator += 1
  else counts.delayed += 1
  const used = preconditionedWith(input, after)
  for (let i = 0; i < variable.length; i++) {
    counts.coordinates += 1
    const numbers = [variable[i], accumulator[i], gradient[i]]
    if (numbers.some((x) => x !== 0 && Math.abs(x) < smallestNormal)) counts.subnormal += 1
    if (variable[i] === 0) counts.zeroVariable += 1
    if (accumulator[i] === 0) counts.zeroAccumulator += 1
    if (gradient[i] === 0) counts.zeroGradient += 1
    const moved = Math.abs(after.variable[i] - variable[i])
    if (moved === 0) continue
    const more = Math.min(moved * (1 + 1e-5), Number.MAX_VALUE)
    if (!boundTooLow(more, variable[i], used[i], options, smallestNormal)) counts.tight += 1
  }
}

/** At least so many in a hundred: of the cases, and of the coordinates. */
const SHARES = {
  ordinary: {
    cases: { clipped: 50, free: 10, frozen: 2, delayed: 25, clippedAccumulator: 25, standard: 25 },
    coordinates: { zeroVariable: 2, zeroAccumulator: 2, zeroGradient: 1, tight: 30 },
  },
  hostile: {
    cases: { clipped: 20, free: 15, frozen: 2, delayed: 25, clippedAccumulator: 25, standard: 25 },
    coordinates: { subnormal: 5, zeroVariable: 1, zeroAccumulator: 1, zeroGradient: 1, tight: 10 },
  },
} as const

for (const [version, fc] of versions) {
  for (const domain of domains) {
    for (const precision of precisions) {
      const fixed = { seed: 7, numRuns: 1000 }

      test(`${version}: ${domain} ${precision} cases reach every kind of step, and coordinates right at their bound`, () => {
        const counts = { ...nothing }
        for (const input of fc.sample(stepCases(fc, { precision, domain }), fixed)) count(input, counts)
        const text = JSON.stringify(counts)
        for (const [kind, share] of Object.entries(SHARES[domain].cases)) {
          const found = counts[kind as keyof typeof counts]
          assert.ok(found >= (share / 100) * counts.cases, `${kind} in ${text}`)
        }
        for (const [kind, share] of Object.entries(SHARES[domain].coordinates)) {
          const found = counts[kind as keyof typeof counts]
          assert.ok(found >= (share / 100) * counts.coordinates, `${kind} in ${text}`)
        }
        assert.is(counts.subnormal > 0, domain === 'hostile')
      })

      test(`${version}: ${domain} ${precision} cases are what their type says`, () => {
        const lengths = new Set<number>()
        for (const input of fc.sample(stepCases(fc, { precision, domain }), fixed)) {
          const { variable, accumulator, gradient, options } = input
          for (const array of [variable, accumulator, gradient]) {
            assert.is(precisionOf(array), precision)
            assert.is(array.length, variable.length)
            assert.ok(array.every(Number.isFinite))
          }
          assert.ok(accumulator.every((a) => a >= 0))
          assert.equal(Object.keys(options).sort(), [
            'absoluteThreshold',
            'accumulatorRelativeThreshold',
            'clipAccumulatorUpdate',
            'epsilon',
            'learningRate',
            'useStandardAccumulatorUpdate',
            'variableRelativeThreshold',
          ])
          assert.is(new Set([variable.buffer, accumulator.buffer, gradient.buffer]).size, 3, 'memory of its own')
          lengths.add(variable.length)
        }
        assert.equal(
          [...lengths].sort((a, b) => a - b),
          Array.from({ length: 34 }, (_, length) => length),
        )
      })
    }
  }

  test(`${version}: a law that the naive float32 update breaks is broken, and shrinks to one coordinate`, () => {
    const law = fc.property(stepCases(fc, { precision: 'float32', domain: 'ordinary' }), (input) => {
      const options = { ...input.options, useStandardAccumulatorUpdate: false }
      const after = copyOf({ ...input, options })
      naiveStep(after)
      return boundViolation(input.variable, after.variable, input.accumulator, options) === undefined
    })
    const { failed, counterexample } = fc.check(law, { seed: 1, numRuns: 200 })
    assert.ok(failed)
    assert.is(counterexample?.[0].variable.length, 1)
  })

  for (const precision of precisions) {
    test(`${version}: the step of this package keeps every bound (${precision})`, () => {
      for (const domain of domains) {
        const law = fc.property(stepCases(fc, { precision, domain }), (input) => {
          const after = copyOf(input)
          step(after.variable, after.accumulator, after.gradient, after.options)
          assert.is(
            boundViolation(input.variable, after.variable, preconditionedWith(input, after), input.options),
            undefined,
          )
        })
        fc.assert(law, { numRuns: 300 })
      }
    })
  }
}

for (const precision of precisions) {
  test(`hostile ${precision} weights have exponents from end to end of the type`, () => {
    const exponents = new Set<number>()
    for (const { variable } of fc4.sample(stepCases(fc4, { precision, domain: 'hostile' }), {
      seed: 7,
      numRuns: 1000,
    })) {
      for (const w of variable) if (w !== 0) exponents.add(Math.floor(Math.log2(Math.abs(w))))
    }
    const { smallest, largest } = limitsOf(precision)
    const [low, high] = [Math.log2(smallest), Math.floor(Math.log2(largest))]
    assert.ok(exponents.size > 0.7 * (high - low), `${exponents.size} exponents between ${low} and ${high}`)
  })
}

test('the same seed gives the same cases, and a step that writes to one spoils no other', () => {
  const options = { precision: 'float32', domain: 'hostile' } as const
  const sample = () => fc4.sample(stepCases(fc4, options), { seed: 3, numRuns: 50 })
  const first = sample()
  for (const input of first) input.variable.fill(9)
  sample().forEach((input, k) => {
    sameBits(input.accumulator, first[k].accumulator, 'accumulator')
    assert.not.equal([...input.variable, 9], [...first[k].variable, 0])
    if (input.variable.length > 0) assert.ok(input.variable.some((w) => w !== 9))
  })
})

test('the arrays have the type of the precision that was asked for', () => {
  fc4.assert(
    fc4.property(stepCases(fc4, { precision: 'float32', domain: 'ordinary' }), ({ variable }) => {
      const floats: Float32Array = variable
      // @ts-expect-error a Float32Array is no Float64Array
      const doubles: Float64Array = variable
      assert.is(doubles, floats)
    }),
  )
})

test('what is not fast-check, and a precision or domain that does not exist, are refused with what to write', () => {
  const call = (fc: unknown, options?: object | null) =>
    stepCases(fc as FastCheck, options as StepCasesOptions<Precision>)
  const right = { precision: 'float32', domain: 'ordinary' }
  for (const fc of [undefined, null, {}, right, fc4.property]) {
    refuses(() => call(fc, right), TypeError, 'the first argument is', 'stepCases(fc, ')
  }
  refuses(() => call(fc4, { ...right, precision: 'float16' }), RangeError, 'precision is "float16"', "'float32'")
  for (const nothing of [undefined, null, {}]) {
    refuses(() => call(fc4, nothing), RangeError, "precision is undefined; expected 'float32' or 'float64'")
  }
  refuses(() => call(fc4, { precision: 'float64' }), RangeError, 'domain is undefined', "'ordinary' or 'hostile'")
})

test.run()
