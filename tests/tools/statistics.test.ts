import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { summarise } from '../../tools/statistics.ts'

const test = suite('tools: statistics')

test('median and quartiles, in any order, between neighbours in proportion', () => {
  assert.equal(summarise([5, 1, 4, 2, 3]), { median: 3, lowerQuartile: 2, upperQuartile: 4 })
  assert.equal(summarise([1, 2, 3, 4]), { median: 2.5, lowerQuartile: 1.75, upperQuartile: 3.25 })
  assert.equal(summarise([7]), { median: 7, lowerQuartile: 7, upperQuartile: 7 })
  assert.throws(
    () => summarise([]),
    (error: unknown) => error instanceof RangeError,
  )
})

test('the given values stay as they are', () => {
  const values = [3, 1, 2]
  summarise(values)
  assert.equal(values, [3, 1, 2])
})

test.run()
