import { describeMachine } from '../machine.ts'
import { FACTOR_RATES, recordFactors } from './clipping-factors.ts'
import { drawFactors } from './clipping-factors-chart.ts'
import { curvesOf } from './curves.ts'
import { drawCurves } from './curves-chart.ts'
import { fingerprint } from './fingerprint.ts'
import { drawIllustration } from './illustration-chart.ts'
import { type Plan, specsOf } from './plan.ts'
import { startProgress } from './progress.ts'
import {
  formatAreas,
  formatFactors,
  formatIllustration,
  formatSeeds,
  formatStability,
  STABILITY_NOTE,
} from './report.ts'
import { type Run, RunLog } from './run-log.ts'
import { runSweep } from './sweep.ts'
import { loadData } from './run.ts'

export interface Results {
  /** Markdown. */
  readonly report: string
  /** Its table of how high the learning rate may be, for the README. */
  readonly summary: string
  /** SVGs by the names of their files. */
  readonly charts: Readonly<Record<string, string>>
}

/** Does what is left of the plan, and reports on all of it. */
export async function runStability(plan: Plan, jobs: number, logPath: string): Promise<Results> {
  const runs = await sweep(plan, jobs, logPath)
  const curves = curvesOf(runs)
  const data = loadData(plan.rows)
  const histories = FACTOR_RATES.flatMap((rate) => recordFactors(data, rate, plan.epochs))
  const summary = `${STABILITY_NOTE}\n\n${formatStability(curves)}`
  const report = [
    describeRuns(plan, runs),
    formatAreas(curves),
    `### How high the learning rate may be\n\n${summary}`,
    `### Seeds that are far apart\n\n${formatSeeds(curves, runs)}`,
    `### One dimension\n\n${formatIllustration()}`,
    `### When clipping acts\n\nThe demo's model with the paper's thresholds, at learning rates of ${FACTOR_RATES.join(' and ')}.\n\n${formatFactors(histories)}`,
  ].join('\n\n')
  const charts = {
    'curves.svg': await drawCurves(curves),
    'illustration.svg': await drawIllustration(),
    'clipping-factors.svg': await drawFactors(histories),
  }
  return { report, summary, charts }
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

function describeRuns({ seeds, epochs, rows }: Plan, runs: readonly Run[]): string {
  const stopped = runs.filter(({ breakdown }) => breakdown !== undefined).length
  const minutes = runs.reduce((sum, { seconds }) => sum + seconds, 0) / 60
  const trained = rows === 'all' ? 'all training rows' : `${rows} training rows`
  const spread = seeds.length > 1 ? `, mean ± standard deviation of ${seeds.length} seeds` : ', one seed'
  return `${runs.length} runs: epochs: ${epochs}, ${trained}${spread}. ${stopped} broke down (loss, gradient or weights no longer finite) and count as an AUC of 0.5; "stopped" where all seeds did. ${minutes.toFixed(1)} minutes of computing in all. Each run: ${describeMachine()}.`
}
