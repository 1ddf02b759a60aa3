import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { LAST_POSITION, positionOf, rateAt } from '../src/settings/learning-rate.ts'
import { DEFAULTS, fromHash, type Settings, toHash } from '../src/settings/settings.ts'

const test = suite('settings')

test('an address gives back the settings that it was made from', () => {
  const all: Settings[] = [
    DEFAULTS,
    { learningRate: 0.3712, thresholds: 'paper', epochs: 10, rows: '8192', seed: 2 ** 32 - 1 },
    { learningRate: 30, thresholds: 'defaults', epochs: 1, rows: '16384', seed: 0 },
  ]
  for (const settings of all) assert.equal(fromHash(toHash(settings)), { settings, problems: [] })
})

test('an address without settings means the defaults', () => {
  assert.equal(fromHash(''), { settings: DEFAULTS, problems: [] })
})

test('what cannot be used is named, and the default takes its place', () => {
  const { settings, problems } = fromHash('#lr=31&thresholds=constructor&epochs=1.5&rows=9&seed=-1')
  assert.equal(settings, DEFAULTS)
  assert.equal(problems, [
    'lr=31 is not a number from 0.01 to 30, so 3 is used',
    'thresholds=constructor is not one of paper, demo, defaults, so demo is used',
    'epochs=1.5 is not a whole number from 1 to 10, so 2 is used',
    'rows=9 is not one of 8192, 16384, all, so all is used',
    'seed=-1 is not a whole number from 0 to 4294967295, so 1 is used',
  ])
})

test('an empty value is a wrong one', () => {
  assert.is(fromHash('#lr=&seed=%20').problems.length, 2)
})

test('every position of the slider has its own rate, and every rate its position', () => {
  for (let position = 0; position <= LAST_POSITION; position++) assert.is(positionOf(rateAt(position)), position)
})

test('the slider goes from 0.01 to 30 and stops at the rates of the README', () => {
  assert.equal([rateAt(0), rateAt(LAST_POSITION)], [0.01, 30])
  for (const rate of [0.3, 1, 3, 10]) assert.is(rateAt(positionOf(rate)), rate)
})

test.run()
