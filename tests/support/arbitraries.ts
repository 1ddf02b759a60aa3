import fc from 'fast-check'
import * as floats from '../../src/testing/floats.ts'
import { type StepCasesOptions, stepCases } from '../../src/testing/index.ts'
import { tightGradient } from '../../src/testing/tight.ts'
import { belowZero } from './below-zero.ts'
import type { Case } from './case.ts'
import { arrayOf, type Precision, precisionOf } from './precision.ts'

export const precision: fc.Arbitrary<Precision> = fc.constantFrom('float32', 'float64')

export function ordinaryFloat(type: Precision): fc.Arbitrary<number> {
  return floats.ordinaryFloat(fc, type)
}

export function anyFiniteFloat(type: Precision): fc.Arbitrary<number> {
  return floats.anyFiniteFloat(fc, type)
}

const offset = fc.integer({ min: 0, max: 3 })

/** Where the arrays of a case start in their buffers. */
const offsets = fc.tuple(offset, offset, offset)

/** What some of the accumulators below 0 are, as shares of −ε; none in most cases. A user's own step has no such input. */
const lowering = fc.oneof(
  { weight: 3, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.array(fc.constantFrom(0.3, 0.9, 0.999, 1 - 1e-6, 1 - 1e-9), { minLength: 1 }) },
)

/** The cases that users get, in either precision, and with what only this package promises to bear. */
function casesOf(domain: StepCasesOptions['domain']): fc.Arbitrary<Case> {
  const plain = precision.chain((type) => stepCases(fc, { precision: type, domain }))
  return fc.tuple(plain, lowering, offsets).map(([input, shares, starts]) => placed(lowered(input, shares), starts))
}

/** The case with its first accumulators below 0, and gradients there that still end at the bound or are twice as far. */
function lowered({ variable, accumulator, gradient, options }: Case, shares: readonly number[]): Case {
  const type = precisionOf(variable)
  for (let i = 0; i < Math.min(shares.length, variable.length); i++) {
    accumulator[i] = belowZero(type, options.epsilon, shares[i], accumulator[i])
    const tight = tightGradient(type, variable[i], accumulator[i], options, 1 + (i % 2), 0)
    if (Number.isFinite(tight)) gradient[i] = gradient[i] < 0 ? -tight : tight
  }
  return { variable, accumulator, gradient, options }
}

function placed({ variable, accumulator, gradient, options }: Case, [w, a, g]: readonly number[]): Case {
  const type = precisionOf(variable)
  return {
    variable: arrayOf(type, variable, w),
    accumulator: arrayOf(type, accumulator, a),
    gradient: arrayOf(type, gradient, g),
    options,
  }
}

/** Numbers and options as in training. */
export const ordinaryCase: fc.Arbitrary<Case> = casesOf('ordinary')

/** Anything finite goes. */
export const hostileCase: fc.Arbitrary<Case> = casesOf('hostile')

export const anyCase: fc.Arbitrary<Case> = fc.oneof(ordinaryCase, hostileCase)

/** A clipping factor as another shard may have found it: any double in [0, 1]. */
export const factor: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(0, 1, 0.5, 5e-324, 2 ** -1022, 1e-300, 1e-46, 1e-40, 1e-10, 1 - 2 ** -53),
  fc.double({ min: 0, max: 1, noNaN: true }),
)
