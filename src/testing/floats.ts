import type fc from 'fast-check'
import { edges } from './edge-values.ts'
import { finiteFromBits, limitsOf, moveByUlps, type Precision } from './float.ts'

/** The numbers of ordinary training: zero now and then, or between about 1e-8 and 100 in size. */
export function ordinaryFloat(fastCheck: typeof fc, precision: Precision): fc.Arbitrary<number> {
  const { round } = limitsOf(precision)
  const size = fastCheck
    .tuple(
      fastCheck.integer({ min: 1, max: 9999 }),
      fastCheck.integer({ min: 2, max: 8 }),
      fastCheck.nat({ max: 2 ** 20 }),
      fastCheck.boolean(),
    )
    .map(([digits, places, rest, negative]) => round(((negative ? -1 : 1) * (digits + rest / 2 ** 21)) / 10 ** places))
  return fastCheck.oneof({ weight: 1, arbitrary: fastCheck.constantFrom(0, -0) }, { weight: 24, arbitrary: size })
}

/** Every finite bit pattern: subnormals, both zeros, everything from the smallest to the largest. */
export function anyFiniteFloat(fastCheck: typeof fc, precision: Precision): fc.Arbitrary<number> {
  const word = fastCheck.integer({ min: 0, max: 2 ** 32 - 1 })
  return fastCheck.oneof(
    fastCheck.tuple(word, word).map(([high, low]) => finiteFromBits(precision, high, low)),
    fastCheck
      .tuple(fastCheck.constantFrom(...edges(precision)), fastCheck.integer({ min: -2, max: 2 }), fastCheck.boolean())
      .map(([edge, ulps, negative]) => (negative ? -1 : 1) * moveByUlps(precision, edge, ulps)),
    ordinaryFloat(fastCheck, precision),
  )
}
