import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  add,
  compare,
  type Dyadic,
  dyadic,
  multiply,
  quotient,
  roundDown,
  roundUp,
  squareRoot,
} from '../../src/testing/dyadic.ts'
import { anyFiniteFloat } from '../support/arbitraries.ts'
import { holds } from '../support/property.ts'

const test = suite('testing: exact numbers')

test('every finite double has an exact value that reads back as itself', () => {
  for (const x of [0, 1, 0.1, 5e-324, 2 ** -1022, 3e-310, 2 ** 52 + 1, 1e300, Number.MAX_VALUE]) {
    assert.is(roundDown(dyadic(x)), x)
    assert.is(roundUp(dyadic(x)), x)
  }
  assert.equal(dyadic(-0.75), { n: -3n << 51n, e: -53 })
  assert.equal(dyadic(5e-324), { n: 1n, e: -1074 })
  for (const x of [Number.NaN, Number.POSITIVE_INFINITY]) assert.throws(() => dyadic(x), /only a finite number/)
})

test('the value agrees with the binary digits that the language prints', () => {
  holds(anyFiniteFloat('float64'), (x) => {
    const [whole, fraction = ''] = Math.abs(x).toString(2).split('.')
    assert.is(compare(dyadic(Math.abs(x)), { n: BigInt(`0b${whole}${fraction}`), e: -fraction.length }), 0)
    assert.is(compare(dyadic(-x), { n: -dyadic(x).n, e: dyadic(x).e }), 0)
  })
})

test('sums are exact where doubles round: 0.1 + 0.2 is above 0.3', () => {
  const sum = add(dyadic(0.1), dyadic(0.2))
  assert.is(compare(sum, dyadic(0.3)), 1)
  assert.is(compare(sum, dyadic(0.1 + 0.2)), -1)
})

test('products are exact where doubles round: 0.1 · 3 is the sum of three', () => {
  const three = multiply(dyadic(0.1), dyadic(3))
  assert.is(compare(three, add(dyadic(0.1), add(dyadic(0.1), dyadic(0.1)))), 0)
  assert.is(compare(three, dyadic(0.1 * 3)), -1)
})

test('the root and the quotient are cut off after 250 bits or more', () => {
  const onePlus = { n: 2n ** 250n + 1n, e: -250 }
  const root = squareRoot(dyadic(2))
  const square = multiply(root, root)
  assert.is(compare(square, dyadic(2)), -1)
  assert.is(compare(multiply(square, onePlus), dyadic(2)), 1)
  const third = quotient(dyadic(1), dyadic(3))
  assert.is(compare(multiply(third, dyadic(3)), dyadic(1)), -1)
  assert.is(compare(multiply(multiply(third, dyadic(3)), onePlus), dyadic(1)), 1)
  assert.is(compare(squareRoot(dyadic(2 ** -1074)), dyadic(2 ** -537)), 0)
  assert.is(compare(quotient(dyadic(3), dyadic(2 ** -1074)), { n: 3n, e: 1074 }), 0)
})

test('rounding goes down and up to the two doubles around a number', () => {
  const above = (x: number): Dyadic => add(dyadic(x), { n: 1n, e: -3000 })
  for (const [x, next] of [
    [0, 5e-324],
    [5e-324, 1e-323],
    [2 ** -1022 - 5e-324, 2 ** -1022],
    [1, 1 + 2 ** -52],
    [2 - 2 ** -52, 2],
    [Number.MAX_VALUE, Number.POSITIVE_INFINITY],
  ]) {
    assert.is(roundDown(above(x)), x)
    assert.is(roundUp(above(x)), next)
  }
  assert.is(roundDown({ n: 1n, e: 5000 }), Number.MAX_VALUE)
  assert.is(roundUp({ n: 1n, e: 5000 }), Number.POSITIVE_INFINITY)
})

test.run()
