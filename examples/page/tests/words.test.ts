import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Announcer, QUIET } from '../src/words/announcer.ts'
import { explained, mostHeldBack } from '../src/words/explanation.ts'
import { factorText, short } from '../src/words/numbers.ts'
import { verdict } from '../src/words/summary.ts'
import { nameVariables } from '../src/words/variables.ts'
import { adult } from './support/adult.ts'

const test = suite('words')

test('a live region hears of changes once in a while only', () => {
  const said: string[] = []
  let now = 0
  const announcer = new Announcer((text) => said.push(text), { now: () => now })
  for (; now <= 2 * QUIET; now += 100) announcer.update(() => `at ${now}`)
  assert.equal(said, ['at 0', `at ${QUIET}`, `at ${2 * QUIET}`])
})

test('what is urgent is said at once, and keeps the rest quiet', () => {
  const said: string[] = []
  const announcer = new Announcer((text) => said.push(text), { now: () => 0 })
  announcer.update(() => 'first')
  announcer.urgent('paused')
  announcer.update(() => 'too early')
  assert.equal(said, ['first', 'paused'])
})

test('every number of every variable has a name of its own', () => {
  const { vocabularies } = adult()
  const sizes = [...vocabularies.map(({ length }) => (length + 1) * 8), 70 * 64, 64, 64 * 32, 32, 32, 1]
  const variables = nameVariables(vocabularies)
  assert.is(variables.length, sizes.length)
  const names = variables.flatMap(({ coordinate }, index) =>
    Array.from({ length: sizes[index] }, (_, at) => coordinate(at)),
  )
  assert.is(new Set(names).size, names.length)
  for (const name of names) assert.not.match(name, 'undefined')
})

test('a coordinate is named by what it stands for', () => {
  const variables = nameVariables(adult().vocabularies)
  assert.is(variables[6].coordinate(8 * 2 + 3), 'sex “Male”, number 4 of 8')
  assert.is(variables[0].coordinate(8), 'workclass “not stated”, number 1 of 8')
  assert.is(variables[8].coordinate(64 * 64), 'the weight from age to unit 1 of layer 1')
  assert.is(variables[13].coordinate(0), 'the bias of the output')
})

test('the variable with the smallest factor is the one held back most', () => {
  const [half, tenth] = [0.5, 0.1].map((factor) => ({ name: '', factor, limiting: undefined, shareOverBound: 0 }))
  assert.is(mostHeldBack([half, tenth, half]), 1)
  assert.is(mostHeldBack([]), undefined)
})

test('an explanation says value, wanted and allowed move, and what came of it', () => {
  const [, , , , , , , , , bias] = nameVariables(adult().vocabularies)
  const limiting = { index: 11, value: 0, proposedChange: -2.83, bound: 1e-7 }
  const { lead, figures, outcome } = explained(bias, { name: '', factor: 3.54e-8, limiting, shareOverBound: 1 })
  assert.is(lead, 'Held back by the bias of unit 12 of layer 1 (index 11).')
  assert.equal(
    figures.map(([, value]) => value),
    ['0', '−2.83', '1.00e−7', '3.54e−8'],
  )
  assert.match(outcome, '100% of the numbers')
})

test('a factor is called 1 only where nothing was clipped', () => {
  assert.is(factorText(1), '1')
  assert.is(factorText(1 - 2 ** -53), '0.999')
})

test('numbers have three digits and a real minus sign', () => {
  assert.equal([0, -0.03584, 1.2e-6, 12345.6, Number.POSITIVE_INFINITY].map(short), [
    '0',
    '−0.0358',
    '1.20e−6',
    '12346',
    'not finite',
  ])
})

test('the words for an area follow its size', () => {
  assert.equal([0.5, 0.7, 0.91].map(verdict), ['no better than guessing', 'has learned a little', 'has learned'])
})

test.run()
