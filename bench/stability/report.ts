import { type Column, formatTable } from '../../tools/table.ts'
import { type FactorHistory, summariseFactors } from './clipping-factors.ts'
import {
  bestOf,
  type Curve,
  LEARNERS,
  type Learner,
  largestTrainingRate,
  lostAtTenfold,
  type Point,
  STILL_TRAINS_WITHIN,
} from './curves.ts'
import { DESCENTS, descend, SETTLES_AT } from './illustration.ts'
import { METHODS } from './methods.ts'
import { columnsOf, MAIN_MODELS } from './models.ts'
import type { Run } from './run-log.ts'

const MODEL_HEADINGS: Record<(typeof MAIN_MODELS)[number], string> = {
  demo: "the demo's model (64 and 32 ReLU units)",
  deep: 'the deep model (a cross layer, four layers of 128 ReLU units)',
  shared: 'two tasks on a shared bottom (64 and 32 ReLU units, towers of 16)',
  experts: 'two tasks on four experts (32 ReLU units each, towers of 16)',
}

/** Means for each learning rate, of all models and tasks. */
export function formatAreas(curves: readonly Curve[]): string {
  return MAIN_MODELS.map((model) => {
    const tables = LEARNERS.filter((learner) => learner.model === model).map((learner) => {
      const own = curves.filter((curve) => curve.learner === learner)
      const rates = own[0].points.map(({ learningRate }) => String(learningRate))
      const rows = own.map(({ method, points }) => [method, ...points.map(formatPoint)])
      const table = formatTable(columns('optimizer', ...rates), rows)
      return learner.name === model ? table : `**${columnsOf(model).tasks[learner.task].name}**\n\n${table}`
    })
    return `### Test AUC, ${MODEL_HEADINGS[model]}\n\n${tables.join('\n\n')}`
  }).join('\n\n')
}

function formatPoint({ mean, deviation, seeds, stopped }: Point): string {
  if (stopped === seeds) return 'stopped'
  const spread = seeds > 1 ? ` ± ${deviation.toFixed(4)}` : ''
  return `${mean.toFixed(4)}${spread}${stopped > 0 ? `, ${stopped} stopped` : ''}`
}

/** What each optimizer makes of a rate that is too high: a table for the models of one task, one for each other model. */
export function formatStability(curves: readonly Curve[]): string {
  const single = LEARNERS.filter(({ model }) => columnsOf(model).tasks.length === 1)
  const several = MAIN_MODELS.map((model) => LEARNERS.filter((each) => each.model === model && !single.includes(each)))
  return [single, ...several]
    .filter((learners) => learners.length > 0)
    .map((learners) => formatLearners(learners, curves))
    .join('\n\n')
}

/** The same for some learners side by side. */
export function formatLearners(learners: readonly Learner[], curves: readonly Curve[]): string {
  const headings = learners.flatMap(({ name }) =>
    ['best AUC', 'at rate', 'trains up to', 'lost at tenfold'].map((heading) => `${name}: ${heading}`),
  )
  const rows = METHODS.map(({ name: method }) => {
    const own = learners.flatMap((learner) =>
      curves.filter((curve) => curve.learner === learner && curve.method === method),
    )
    return [method, ...own.flatMap((curve) => formatCurve(curve, curves))]
  })
  return formatTable(columns('optimizer', ...headings), rows)
}

function formatCurve(curve: Curve, curves: readonly Curve[]): string[] {
  const best = bestOf(curve)
  const lost = lostAtTenfold(curve)
  return [
    best.mean.toFixed(4),
    String(best.learningRate),
    String(largestTrainingRate(curve, curves) ?? '–'),
    lost === undefined ? 'not tried' : lost.toFixed(4),
  ]
}

/** What the columns of `formatStability` mean. */
export const STABILITY_NOTE = `"Trains up to": from its best learning rate on, the last one tried before some seed breaks down or the mean test AUC falls more than
${STILL_TRAINS_WITHIN} below the best of any optimizer there; – where its best is already below. "Lost at tenfold": how much lower the mean is at ten
times the best rate, where that was tried.`

/** From here on the seeds of a mean have come to different ends. */
const FAR_APART = 0.05

const SEED_COLUMNS: readonly Column[] = [
  { heading: 'model and task', align: 'left' },
  { heading: 'optimizer', align: 'left' },
  { heading: 'learning rate' },
  { heading: 'test AUC of each seed' },
]

/** The seeds one by one where they are far apart. */
export function formatSeeds(curves: readonly Curve[], runs: readonly Run[]): string {
  const rows = curves.flatMap(({ learner, method, points }) =>
    points
      .filter(({ deviation }) => deviation >= FAR_APART)
      .map(({ learningRate }) => {
        const own = runs.filter(
          (run) => run.model === learner.model && run.method === method && run.learningRate === learningRate,
        )
        const seeds = own.map(({ areas, breakdown }) =>
          breakdown === undefined ? areas[learner.task].toFixed(4) : 'stopped',
        )
        return [learner.name, method, String(learningRate), seeds.join(', ')]
      }),
  )
  const table = formatTable(SEED_COLUMNS, rows)
  return `Where the standard deviation is ${FAR_APART} or more.\n\n${table}`
}

/** Where the one-dimensional descents end. */
export function formatIllustration(): string {
  const rows = DESCENTS.map((descent) => {
    const ends = [false, true].map((isClipped) => Math.abs(descend(descent, isClipped)[descent.steps]))
    const edge = Number((descent.learningRate * descent.sharpness).toFixed(6))
    return [String(edge), ...ends.map((w) => w.toPrecision(3))]
  })
  const table = formatTable(columns('learning rate × sharpness', 'size of w without clipping', 'with clipping'), rows)
  const [{ steps, start }] = DESCENTS
  return `With the thresholds (0.5, 0.01), after ${steps} steps from ${start}; beyond 2 the clipped weight changes sign at each step, at absolute / (2 − relative) = ${SETTLES_AT.toPrecision(3)}.\n\n${table}`
}

/** How often and how much each variable was clipped. */
export function formatFactors(histories: readonly FactorHistory[]): string {
  const rates = [...new Set(histories.map(({ learningRate }) => learningRate))]
  const headings = rates.flatMap((rate) => ['steps clipped', 'smallest', 'median'].map((name) => `${rate}: ${name}`))
  const variables = [...new Set(histories.map(({ variable }) => variable))]
  const rows = variables.map((variable) => {
    const own = histories.filter((history) => history.variable === variable)
    return [
      variable,
      ...own.flatMap((history) => {
        const { clipped, smallest, median } = summariseFactors(history)
        return [`${(100 * clipped).toFixed(0)} %`, smallest.toPrecision(2), median.toPrecision(2)]
      }),
    ]
  })
  return formatTable(columns('variable', ...headings), rows)
}

/** The first on the left, the others on the right. */
function columns(first: string, ...others: string[]): Column[] {
  return [{ heading: first, align: 'left' }, ...others.map((heading) => ({ heading }))]
}
