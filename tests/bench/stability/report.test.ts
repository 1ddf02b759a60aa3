import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { recordFactors, summariseFactors } from '../../../bench/stability/clipping-factors.ts'
import { bestOf, type Curve, curvesOf, largestTrainingRate, lostAtTenfold } from '../../../bench/stability/curves.ts'
import { METHODS } from '../../../bench/stability/methods.ts'
import { columnsOf, MAIN_MODELS } from '../../../bench/stability/models.ts'
import { FULL_PLAN, shorten, specsOf } from '../../../bench/stability/plan.ts'
import {
  formatAreas,
  formatFactors,
  formatIllustration,
  formatSeeds,
  formatStability,
} from '../../../bench/stability/report.ts'
import { GUESSING, loadData } from '../../../bench/stability/run.ts'
import type { Run } from '../../../bench/stability/run-log.ts'
import { runStability } from '../../../bench/stability/stability.ts'
import { drawSummary } from '../../../bench/stability/summary-chart.ts'
import { replaceMarked } from '../../../tools/marked.ts'
import { REPOSITORY, textOf } from '../../support/repository.ts'

const test = suite('stability: report')

/** Areas by learning rate, one for each seed; NaN for a run that broke down. */
type Areas = Record<number, number[]>

/** Every method and model has the areas given for `others`, but for one method on the demo's model. */
function runsWith(method: string, areas: Areas, others: Areas): Run[] {
  return MAIN_MODELS.flatMap((model) =>
    METHODS.flatMap(({ name }) =>
      Object.entries(model === 'demo' && name === method ? areas : others).flatMap(([rate, seeds]) =>
        seeds.map((area, seed): Run => {
          const spec = { model, method: name, learningRate: Number(rate), seed, epochs: 2, rows: 'all' as const }
          const areas = columnsOf(model).tasks.map((_, task) => (Number.isNaN(area) ? GUESSING : area - task / 100))
          const breakdown = Number.isNaN(area) ? { breakdown: 'loss not finite' } : {}
          return { ...spec, ...breakdown, split: 'test', areas, dead: {}, seconds: 1 }
        }),
      ),
    ),
  )
}

function curveOf(curves: readonly Curve[], method: string): Curve {
  const curve = curves.find(({ learner, method: name }) => learner.model === 'demo' && name === method)
  if (curve === undefined) throw new Error(`no curve for ${method}`)
  return curve
}

const RATES = [0.1, 0.3, 1, 3]
const OTHERS: Areas = { 0.1: [0.9, 0.9], 0.3: [0.9, 0.9], 1: [0.9, 0.9], 3: [0.9, 0.9] }

/** The curve of LAMB with these areas, where all others have 0.9, and what is made of it. */
function lamb(areas: Areas) {
  const curves = curvesOf(runsWith('LAMB', areas, OTHERS), RATES)
  const curve = curveOf(curves, 'LAMB')
  return { curve, best: bestOf(curve), largest: largestTrainingRate(curve, curves), lost: lostAtTenfold(curve) }
}

test('a point has the mean and the standard deviation of its seeds, broken ones at one half', () => {
  const { curve } = lamb({ 0.1: [0.8, 0.9], 0.3: [0.8, Number.NaN], 1: [0.9, 0.9], 3: [0.9, 0.9] })
  const [first, second] = curve.points
  assert.ok(Math.abs(first.mean - 0.85) < 1e-12)
  assert.ok(Math.abs(first.deviation - Math.sqrt(0.005)) < 1e-12)
  assert.equal([first.seeds, first.stopped], [2, 0])
  assert.ok(Math.abs(second.mean - 0.65) < 1e-12)
  assert.is(second.stopped, 1)
})

test('the best rate is the lowest of those with the highest mean', () => {
  assert.is(lamb(OTHERS).best.learningRate, 0.1)
  assert.is(lamb({ ...OTHERS, 0.3: [0.91, 0.91] }).best.learningRate, 0.3)
})

test('the largest rate is the last, from the best on, where all seeds finish close to the best of any optimizer', () => {
  assert.is(lamb(OTHERS).largest, 3)
  assert.is(lamb({ ...OTHERS, 3: [0.88, 0.88] }).largest, 1)
  assert.is(lamb({ ...OTHERS, 3: [0.99, Number.NaN] }).largest, 1)
  assert.is(lamb({ ...OTHERS, 1: [0.6, 0.6] }).largest, 0.3, 'a gap ends it')
  // It hardly moves at any rate: near its own best, far from everybody else's.
  assert.is(lamb({ 0.1: [0.6], 0.3: [0.6], 1: [0.6], 3: [0.6] }).largest, undefined)
})

test('seeds are listed one by one where they are far apart', () => {
  const runs = runsWith('LAMB', { ...OTHERS, 1: [0.9, 0.6], 3: [0.9, Number.NaN] }, OTHERS)
  const rows = formatSeeds(curvesOf(runs, RATES), runs)
    .split('\n')
    .filter((line) => line.includes('LAMB'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
  assert.equal(rows, [
    ['', 'demo', 'LAMB', '1', '0.9000, 0.6000', ''],
    ['', 'demo', 'LAMB', '3', '0.9000, stopped', ''],
  ])
})

test('what ten times the best rate costs is the difference of the means', () => {
  const { lost = Number.NaN } = lamb({ ...OTHERS, 0.3: [0.95, 0.95], 3: [0.65, Number.NaN] })
  assert.ok(Math.abs(lost - (0.95 - 0.575)) < 1e-12)
  assert.is(lamb({ ...OTHERS, 1: [0.95, 0.95] }).lost, undefined)
})

test('the tables say what stopped, what was not tried and what never trains', () => {
  const areas: Areas = { 0.1: [0.7, 0.7], 0.3: [0.8, Number.NaN], 1: [0.8, 0.8], 3: [Number.NaN, Number.NaN] }
  const curves = curvesOf(runsWith('LAMB', areas, OTHERS), RATES)
  assert.match(
    formatAreas(curves),
    /\| LAMB +\| 0\.7000 ± 0\.0000 \| 0\.6500 ± 0\.2121, 1 stopped \| 0\.8000 ± 0\.0000 \| +stopped \|/,
  )
  assert.match(
    formatStability(curves),
    /\| LAMB +\| +0\.8000 \| +1 \| +– \| +not tried \| +0\.9000 \| +0\.1 \| +3 \| +0\.0000 \|/,
  )
})

test('no cell holds a character that would break its table', () => {
  const histories = [{ variable: 'w', learningRate: 1, factors: [0.5, 1] }]
  const curves = curvesOf(runsWith('LAMB', OTHERS, OTHERS), RATES)
  for (const text of [formatAreas(curves), formatStability(curves), formatIllustration(), formatFactors(histories)]) {
    const counts = new Map<string, Set<number>>()
    for (const block of text.split('\n\n').filter((part) => part.startsWith('|'))) {
      counts.set(block, new Set(block.split('\n').map((line) => line.split('|').length)))
    }
    assert.ok(counts.size > 0)
    for (const widths of counts.values()) assert.is(widths.size, 1)
  }
})

test('factors are counted, and there is one for each variable and step', () => {
  const factors = [1, 0.5, 0.25, 1, 1]
  assert.equal(summariseFactors({ variable: 'w', learningRate: 1, factors }), {
    clipped: 0.4,
    smallest: 0.25,
    median: 1,
  })
  const histories = recordFactors(loadData({ model: 'demo', rows: 600, split: 'test' }), 1, 2)
  assert.is(histories.length, 14)
  assert.is(new Set(histories.map(({ variable }) => variable)).size, 14)
  for (const history of histories) assert.is(history.factors.length, 6)
  assert.ok(histories.some(({ factors }) => factors.some((factor) => factor < 1)))
})

test('two tasks have a table each, and a curve each that is held to the best of its own task', () => {
  const curves = curvesOf(runsWith('LAMB', OTHERS, OTHERS), RATES)
  const text = formatAreas(curves)
  assert.is(text.split('\n**income**\n').length - 1, 2)
  assert.match(text, /\*\*never married\*\*\n\n.*\n.*\n\| Adagrad +\| 0\.8900 ± 0\.0000 \|/)
  const [, shared] = formatStability(curves).split('\n\n')
  assert.match(shared, /shared, income: best AUC .* shared, never married: best AUC/)
  assert.match(shared, /\| LAMB +\| +0\.9000 \| +0\.1 \| +3 \| +0\.0000 \| +0\.8900 \| +0\.1 \| +3 \|/)
})

test('the lines of the first picture are named, and it has no broken numbers', async () => {
  const svg = await drawSummary(curvesOf(runsWith('Adagrad', { ...OTHERS, 3: [0.5, 0.5] }, OTHERS), RATES))
  for (const name of ['>Adagrad<', '>Adagrad, gradients clipped<', '>ClippyAdagrad<'])
    assert.ok(svg.includes(name), name)
  assert.not.match(svg, /NaN|undefined/)
})

test('a tiny sweep goes all the way to a report that fits the page, and to four charts', async () => {
  const parent = join(REPOSITORY, 'tests/.tmp')
  mkdirSync(parent, { recursive: true })
  const folder = mkdtempSync(join(parent, 'stability-report-'))
  const consoleError = console.error
  const lines: string[] = []
  console.error = (line: string) => lines.push(line)
  try {
    const plan = shorten(FULL_PLAN, 64)
    const { report, charts } = await runStability(plan, 1, join(folder, 'runs.jsonl'))
    const width = Math.max(...METHODS.map(({ name }) => name.length))
    // Three tables of ranges and six of areas.
    for (const { name } of METHODS) assert.is(report.split(`\n| ${name.padEnd(width)} |`).length - 1, 9, name)
    assert.ok(replaceMarked(textOf('bench/STABILITY.md'), 'stability', report).includes(report))
    assert.equal(Object.keys(charts).sort(), ['clipping-factors.svg', 'curves.svg', 'illustration.svg', 'summary.svg'])
    for (const [name, svg] of Object.entries(charts)) {
      assert.ok(textOf('bench/STABILITY.md').includes(`(stability/${name})`), name)
      assert.match(svg, /^<svg .*<\/svg>$/s)
      assert.not.match(svg, /NaN|undefined/)
    }
    // Not on a terminal, progress is a line for each run.
    const count = specsOf(plan).length
    if (!process.stderr.isTTY) assert.ok(lines.at(-1)?.startsWith(`${count} of ${count}: `), lines.at(-1))
  } finally {
    console.error = consoleError
    rmSync(folder, { recursive: true, force: true })
  }
})

test.run()
