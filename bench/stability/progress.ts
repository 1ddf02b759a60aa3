import { SingleBar } from 'cli-progress'
import type { Run } from './run-log.ts'

export interface Progress {
  readonly onRun: (run: Run) => void
  readonly stop: () => void
}

/** A progress bar, or a line for each run where the output goes to a file or another program. On stderr: it is no result. */
export function startProgress(total: number, done: number): Progress {
  if (!process.stderr.isTTY) {
    let count = done
    return { onRun: (run) => console.error(`${++count} of ${total}: ${describeRun(run)}`), stop: () => {} }
  }
  const bar = new SingleBar({
    stream: process.stderr,
    format: '{bar} {value} of {total} runs | {last} | {eta_formatted} left',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
  })
  bar.start(total, done, { last: 'starting' })
  return { onRun: (run) => bar.increment({ last: describeRun(run) }), stop: () => bar.stop() }
}

function describeRun({ model, method, learningRate, seed, areas, breakdown, seconds }: Run): string {
  const outcome = breakdown ?? `AUC ${areas.map((area) => area.toFixed(4)).join(', ')}`
  return `${model}, ${method}, rate ${learningRate}, seed ${seed}: ${outcome}, ${seconds.toFixed(1)} s`
}
