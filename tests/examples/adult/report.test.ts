import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { lossCurve } from '../../../examples/adult/curve.ts'
import type { Experiment } from '../../../examples/adult/experiment.ts'
import { formatCharts, formatTable } from '../../../examples/adult/report.ts'
import { drawSvg } from '../../../examples/adult/svg.ts'

const test = suite('adult: report')

const EXPERIMENTS: Experiment[] = [
  {
    method: 'Adagrad',
    learningRate: 1e20,
    losses: [0.7, 1e30, Number.NaN],
    smallestFactor: 1,
    breakdown: 'loss not finite in batch 3',
    scores: [{ task: 'income', areaUnderCurve: 0.5, logLoss: Number.NaN }],
    seconds: 0.04,
  },
  {
    method: 'ClippyAdagrad',
    learningRate: 1e20,
    losses: Array.from({ length: 90 }, (_, batch) => 0.7 - batch / 300),
    smallestFactor: 1.25e-22,
    scores: [{ task: 'income', areaUnderCurve: 0.90625, logLoss: 0.3125 }],
    seconds: 1.96,
  },
]

test('a loss curve is the mean of up to sixteen batches, cut off at 1', () => {
  assert.equal(lossCurve([0.5, 0.25, 0.75]), [0.5, 0.375, 0.5])
  assert.is(lossCurve(Array.from({ length: 20 }, (_, batch) => batch / 32))[19], (4 + 19) / 2 / 32)
  assert.equal(lossCurve([0.5, 1000, Number.NaN]), [0.5, 1, 1])
})

test('the table has every number, and says where training stopped', () => {
  assert.equal(formatTable(EXPERIMENTS).split('\n'), [
    'learning rate  optimizer      test AUC    log loss  worst batch loss  smallest factor  seconds',
    '        1e+20  Adagrad          0.5000  not finite        not finite                1      0.0  stopped: loss not finite in batch 3',
    '        1e+20  ClippyAdagrad    0.9063      0.3125            0.7000        1.250e-22      2.0',
  ])
})

test('with two tasks, the table has the scores of each, under its name, and so has the SVG', async () => {
  const married = { task: 'never married', areaUnderCurve: 0.75, logLoss: 0.5 }
  const both = EXPERIMENTS.map((experiment) => ({ ...experiment, scores: [...experiment.scores, married] }))
  const [headings, , line] = formatTable(both).split('\n')
  assert.match(headings, /income: test AUC +log loss +never married: test AUC +log loss/)
  assert.match(line, /ClippyAdagrad +0\.9063 +0\.3125 +0\.7500 +0\.5000 /)
  const svg = await drawSvg(both)
  for (const text of ['test AUC of income and never married', 'ClippyAdagrad: AUC 0.906, 0.750']) {
    assert.ok(svg.includes(text), text)
  }
})

test('the charts stand side by side, fit into 80 columns, and a stopped one is short', () => {
  const lines = formatCharts(EXPERIMENTS).split('\n')
  assert.match(lines[2], /^Adagrad, learning rate 1e\+20 +ClippyAdagrad, learning rate 1e\+20$/)
  assert.is(lines.length, 9)
  assert.ok(lines.every((line) => line.length <= 80))
})

test('the SVG names the learning rate and both results, and has no broken numbers', async () => {
  const svg = await drawSvg(EXPERIMENTS)
  assert.match(svg, /^<svg/)
  for (const text of ['learning rate 1e+20', 'ClippyAdagrad: test AUC 0.906', 'Adagrad: test AUC 0.500']) {
    assert.ok(svg.includes(text), text)
  }
  assert.not.match(svg, /NaN|Infinity|undefined/)
})

test('hundreds of thousands of batches are no problem', async () => {
  const long = EXPERIMENTS.map((experiment) => ({ ...experiment, losses: Array(200_000).fill(0.5) }))
  assert.match(formatTable(long), / 0\.5000 /)
  assert.is(formatCharts(long).split('\n').length, 9)
  assert.ok((await drawSvg(long)).length < 200_000)
})

test.run()
