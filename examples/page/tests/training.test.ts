import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { METHODS, runExperiment } from '../../adult/experiment.ts'
import { pack, unpack } from '../src/data/packed.ts'
import { DEFAULTS } from '../src/settings/settings.ts'
import { fingerprint, hexOf } from '../src/training/bits.ts'
import { perMethod, Race } from '../src/training/race.ts'
import { adult, runInNode } from './support/adult.ts'

const test = suite('training')

test('the page trains as the demo does: the same losses and areas, and the smallest factor, to the bit', () => {
  const { training, test: testRows, vocabularies } = adult()
  const record = runInNode({ ...DEFAULTS, rows: '8192', epochs: 2 })
  for (const method of METHODS) {
    const demo = runExperiment({
      method,
      learningRate: DEFAULTS.learningRate,
      training: { ...training, length: 8192 },
      test: testRows,
      categoryCounts: vocabularies.map(({ length }) => length + 1),
      epochs: 2,
    })
    assert.equal(record.losses[method].map(hexOf), demo.losses.map(hexOf), method)
    assert.is(record.areas[1][method], demo.scores[0].areaUnderCurve, method)
    if (method === 'ClippyAdagrad') assert.is(Math.min(...record.lowest), demo.smallestFactor)
  }
})

test('the data file holds what the demo reads from the original files', () => {
  const original = adult()
  assert.equal(unpack(pack(original).buffer as ArrayBuffer), original)
})

test('another seed is another run', () => {
  const settings = { ...DEFAULTS, rows: '8192', epochs: 1 } as const
  const [first, other] = [settings, { ...settings, seed: 2 }].map((each) => runInNode(each).losses.ClippyAdagrad)
  assert.is.not(fingerprint(first), fingerprint(other))
})

test('training that breaks down says why, and the race still comes to its end', () => {
  const { training, ...rest } = adult()
  const numbers = training.numbers.slice()
  numbers.fill(Number.NaN, 0, 6 * 8192)
  const race = new Race({ ...DEFAULTS, rows: '8192', epochs: 1 }, { ...rest, training: { ...training, numbers } })
  const steps = []
  while (!race.finished) steps.push(race.step(false))
  assert.is(steps.length, race.batches)
  assert.equal(
    steps.at(-1)?.breakdowns,
    perMethod(() => 'the loss of batch 1 is not finite'),
  )
  assert.equal(
    steps.map(({ losses }) => losses.Adagrad),
    [Number.NaN, ...Array(race.batches - 1)],
  )
})

test('a fingerprint changes with the last bit of one number', () => {
  assert.is(fingerprint([0.1, 0.2]), fingerprint([0.1, 0.2]))
  assert.is.not(fingerprint([0.1, 0.1 + 0.2]), fingerprint([0.1, 0.3]))
})

test('hexadecimal digits are those of the big-endian double', () => {
  assert.equal([1, -0, Number.NaN, 0.1].map(hexOf), [
    '3ff0000000000000',
    '8000000000000000',
    '7ff8000000000000',
    '3fb999999999999a',
  ])
})

test.run()
