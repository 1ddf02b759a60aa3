import fc from 'fast-check'
import { suite } from 'uvu'
import { float32, float64, nextToward } from '../../src/step/precision.ts'
import { anyFiniteFloat } from '../support/arbitraries.ts'
import { sameNumber } from '../support/assertions.ts'
import { limitsOf, moveByUlps, precisions } from '../support/precision.ts'
import { holds } from '../support/property.ts'

const test = suite('what depends on the precision')

for (const name of precisions) {
  const type = name === 'float32' ? float32 : float64
  const { smallest, largest, smallestNormal } = limitsOf(name)
  const powers = fc
    .integer({ min: Math.log2(smallest), max: name === 'float32' ? 127 : 1023 })
    .map((exponent) => 2 ** exponent)
  const edges = fc.constantFrom(smallest, largest, smallestNormal, 2 * smallestNormal, 2 ** -900)
  const notable = fc.oneof(powers, edges).filter((size) => type.round(size) === size && size > 0)
  // Distances between neighbours change at powers of two.
  const near = fc.tuple(notable, fc.constantFrom(-2, -1, 0, 1, 2), fc.constantFrom(-1, 1))
  const numbers = fc.oneof(
    anyFiniteFloat(name),
    near.map(([size, ulps, sign]) => sign * moveByUlps(name, size, ulps)),
  )

  test(`the neighbour of a ${name} has the next bits outward, and the last ones before them inward`, () => {
    holds(numbers, (x) => {
      if (x === 0) return
      sameNumber(nextToward(x, 0, type), moveByUlps(name, x, -1), `inward from ${x}`)
      const end = Math.sign(x) * largest
      sameNumber(nextToward(x, end, type), moveByUlps(name, x, 1), `outward from ${x}`)
      sameNumber(nextToward(x, -end, type), moveByUlps(name, x, -1), `across zero from ${x}`)
      sameNumber(nextToward(x, moveByUlps(name, x, 1), type), moveByUlps(name, x, 1), `to the neighbour of ${x}`)
      sameNumber(nextToward(x, x, type), x, `to ${x} itself`)
    })
  })

  test(`the neighbours of a ${name} zero are the smallest numbers of either sign`, () => {
    for (const zero of [0, -0]) {
      sameNumber(nextToward(zero, 1, type), smallest, 'above')
      sameNumber(nextToward(zero, -1, type), -smallest, 'below')
    }
  })
}

test.run()
