import { describeMachine } from '../../tools/machine.ts'
import { FACTOR_RATES, recordFactors } from './clipping-factors.ts'
import { drawFactors } from './clipping-factors-chart.ts'
import { type Curve, curvesOf } from './curves.ts'
import { drawCurves } from './curves-chart.ts'
import { FAILED_BELOW, goalsOf } from './failures.ts'
import { formatDead, formatFailures, formatTogether } from './failures-report.ts'
import { fingerprint } from './fingerprint.ts'
import { drawIllustration } from './illustration-chart.ts'
import { type Part, type Plan, specsOf } from './plan.ts'
import { startProgress } from './progress.ts'
import {
  formatAreas,
  formatFactors,
  formatIllustration,
  formatSeeds,
  formatStability,
  STABILITY_NOTE,
} from './report.ts'
import { loadData } from './run.ts'
import { type Run, RunLog } from './run-log.ts'
import { drawSummary } from './summary-chart.ts'
import { runSweep } from './sweep.ts'
import { chosen, formatValidation } from './validation.ts'

export interface Results {
  /** Markdown. */
  readonly report: string
  /** SVGs by the names of their files. */
  readonly charts: Readonly<Record<string, string>>
}

/** Does what is left of the plan, and reports on all of it. */
export async function runStability(plan: Plan, jobs: number, logPath: string): Promise<Results> {
  const runs = await sweep(plan, jobs, logPath)
  const main = partOf(runs, plan.main)
  const curves = curvesOf(main, ratesOf(plan.main))
  const [{ rows, epochs }] = plan.main
  const data = loadData({ model: 'demo', rows, split: 'test' })
  const histories = FACTOR_RATES.flatMap((rate) => recordFactors(data, rate, epochs))
  const report = [
    describeRuns(plan, runs),
    `### How high the learning rate may be\n\n${STABILITY_NOTE}\n\n${formatStability(curves)}`,
    ...reportOnTasks(plan, runs, curves),
    formatAreas(curves),
    `### Seeds that are far apart\n\n${formatSeeds(curves, main)}`,
    `### Choosing GC's norm and Clippy's thresholds\n\nArea under the curve of the validation rows, with one seed. The highest means: ${['GC', 'Clippy'].map((kind) => chosen(kind, runs)).join(' and ')}.\n\n${formatValidation(partOf(runs, plan.validation))}`,
    `### One dimension\n\n${formatIllustration()}`,
    `### When clipping acts\n\nThe demo's model with the paper's thresholds, at learning rates of ${FACTOR_RATES.join(' and ')}.\n\n${formatFactors(histories)}`,
  ].join('\n\n')
  const charts = {
    'summary.svg': await drawSummary(curves),
    'curves.svg': await drawCurves(curves),
    'illustration.svg': await drawIllustration(),
    'clipping-factors.svg': await drawFactors(histories),
  }
  return { report, charts }
}

/** What the runs from Adagrad's last good rate to its first bad one say about two tasks. */
function reportOnTasks(plan: Plan, runs: readonly Run[], curves: readonly Curve[]): string[] {
  const fine = partOf(runs, plan.fine)
  const goals = goalsOf(curves)
  const rates = ratesOf(plan.fine)
  return [
    `### Two tasks, one task, the same task twice\n\nHow many seeds failed: a task fails where its test AUC is more than ${FAILED_BELOW} below the best mean of any optimizer for it, on the model of both tasks.\n\n${formatFailures(fine, rates, goals)}`,
    `### Do tasks fail one by one?\n\nAdagrad's runs with two towers; the first task is income.\n\n${formatTogether(fine, rates, goals)}`,
    `Share of ReLU units that are 0 for every test row at the end of these runs, medians.\n\n${formatDead(fine, goals)}`,
  ]
}

async function sweep(plan: Plan, jobs: number, logPath: string): Promise<Run[]> {
  const log = new RunLog(logPath, fingerprint())
  const specs = specsOf(plan)
  const done = specs.filter((spec) => log.find(spec) !== undefined).length
  const progress = startProgress(specs.length, done)
  try {
    return await runSweep(specs, { jobs, log, onRun: progress.onRun })
  } finally {
    progress.stop()
  }
}

function ratesOf(parts: readonly Part[]): number[] {
  return [...new Set(parts.flatMap(({ learningRates }) => learningRates))].sort((a, b) => a - b)
}

/** The runs that some parts of a plan ask for. */
function partOf(runs: readonly Run[], parts: readonly Part[]): Run[] {
  return runs.filter((run) =>
    parts.some(
      ({ split, models, methods, learningRates, seeds }) =>
        split === run.split &&
        models.includes(run.model) &&
        methods.includes(run.method) &&
        learningRates.includes(run.learningRate) &&
        seeds.includes(run.seed),
    ),
  )
}

function describeRuns({ main }: Plan, runs: readonly Run[]): string {
  const [{ epochs, rows, seeds }] = main
  const stopped = runs.filter(({ breakdown }) => breakdown !== undefined).length
  const minutes = runs.reduce((sum, { seconds }) => sum + seconds, 0) / 60
  const what = rows === 'all' ? 'all training rows' : `the first ${rows} rows`
  const count = seeds.length === 1 ? 'one seed' : `mean ± standard deviation of ${seeds.length} seeds`
  return `${runs.length} runs: epochs: ${epochs}, ${what}, ${count} where nothing else is said. ${stopped} broke down (loss, gradient or weights no longer finite) and count as an AUC of 0.5; "stopped" where all seeds did. ${minutes.toFixed(1)} minutes of computing in all. Each run: ${describeMachine()}.`
}
