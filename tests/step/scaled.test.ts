import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { isGreater, product, quotient, type Scaled, scaled, squareRoot, sum, toNumber } from '../../src/step/scaled.ts'
import { add, compare, type Dyadic, dyadic, multiply } from '../../src/testing/dyadic.ts'
import { holds } from '../support/property.ts'

const test = suite('scaled numbers')

const positive = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true })

/** The value in exact arithmetic. */
function exact({ significand, exponent }: Scaled): Dyadic {
  if (significand === 0) return dyadic(0)
  return multiply(dyadic(significand), { n: 1n, e: exponent })
}

/** |x − y| ≤ y · 2^−53, and equal where y is 0. */
function isRounded(x: Dyadic, y: Dyadic): boolean {
  const slack = multiply(y, { n: 1n, e: -53 })
  return compare(add(x, slack), y) >= 0 && compare(x, add(y, slack)) <= 0
}

function isNormalised({ significand, exponent }: Scaled): boolean {
  if (significand === 0) return exponent === Number.NEGATIVE_INFINITY
  return exponent % 512 === 0 && significand >= 2 ** -256 && significand < 2 ** 256
}

test('a number keeps all its digits there and back', () => {
  holds(positive, (x) => {
    assert.ok(isNormalised(scaled(x)))
    assert.is(toNumber(scaled(x)), x)
  })
})

test('sums, products and squares are rounded once and never overflow or underflow', () => {
  holds(fc.tuple(positive, positive, positive, positive), ([a, b, c, d]) => {
    const [x, y] = [product(scaled(a), scaled(b)), product(scaled(c), scaled(d))]
    for (const z of [x, y, product(x, y), sum(x, y), sum(y, x)]) assert.ok(isNormalised(z))
    assert.ok(isRounded(exact(product(x, y)), multiply(exact(x), exact(y))))
    assert.ok(isRounded(exact(sum(x, y)), add(exact(x), exact(y))))
    assert.equal(sum(x, y), sum(y, x))
  })
})

test('a quotient times its divisor, and a root times itself, give the number back but for rounding', () => {
  const close = (x: Scaled, y: Scaled) => Math.abs(toNumber(quotient(x, y)) - 1) <= 2 ** -51
  holds(fc.tuple(positive, positive, positive), ([a, b, c]) => {
    if (a === 0 || b === 0 || c === 0) return
    const [x, y] = [product(scaled(a), scaled(b)), scaled(c)]
    assert.ok(close(product(quotient(x, y), y), x))
    const root = squareRoot(x)
    assert.ok(isNormalised(root) && close(product(root, root), x))
  })
})

test('comparing is comparing values', () => {
  holds(fc.tuple(positive, positive, positive, positive), ([a, b, c, d]) => {
    const [x, y] = [product(scaled(a), scaled(b)), product(scaled(c), scaled(d))]
    assert.is(isGreater(x, y), compare(exact(x), exact(y)) > 0)
  })
})

test('what no double holds becomes 0 or Infinity', () => {
  const [huge, tiny] = [scaled(1e300), scaled(1e-300)]
  assert.is(toNumber(product(huge, huge)), Number.POSITIVE_INFINITY)
  assert.is(toNumber(product(tiny, tiny)), 0)
  assert.is(toNumber(quotient(product(huge, huge), huge)), 1e300)
})

test('infinities and NaN come to an end', () => {
  for (const x of [Number.POSITIVE_INFINITY, Number.NaN]) {
    for (const y of [0, 1e-300, 1, 1e300, Number.POSITIVE_INFINITY, Number.NaN]) {
      for (const operation of [sum, product, quotient]) {
        for (const [p, q] of [
          [x, y],
          [y, x],
        ]) {
          const result = toNumber(operation(scaled(p), scaled(q)))
          assert.ok(result >= 0 || Number.isNaN(result))
        }
      }
    }
    squareRoot(scaled(x))
  }
  assert.is(toNumber(scaled(Number.POSITIVE_INFINITY)), Number.POSITIVE_INFINITY)
})

test.run()
