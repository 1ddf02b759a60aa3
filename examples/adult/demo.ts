import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { SingleBar } from 'cli-progress'
import type { Columns } from './columns.ts'
import { encode, fitEncoder, type Rows } from './data.ts'
import { type Experiment, formatRate, METHODS, runExperiment } from './experiment.ts'
import { BATCH_SIZE } from './models/options.ts'
import { formatCharts, formatTable } from './report.ts'
import { drawSvg } from './svg.ts'
import { batchCount } from './train.ts'

export interface DemoOptions {
  /** What the rows were read by. */
  columns: Columns
  rows: Rows
  learningRates: readonly number[]
  epochs: number
  /** Where the SVG is written. */
  svgPath: string
}

/** Trains with every learning rate and method, and prints what came of it. */
export async function runDemo({ svgPath, ...options }: DemoOptions): Promise<void> {
  const { columns, rows, epochs } = options
  const count = (part: readonly unknown[]): string => part.length.toLocaleString('en')
  console.log(
    `${count(rows.training)} training rows, ${count(rows.test)} test rows; epochs: ${epochs}; ${describeTasks(columns)}\n`,
  )

  const experiments = runExperiments(options)
  console.log(`${formatTable(experiments)}\n\n${formatCharts(experiments)}\n`)

  mkdirSync(dirname(svgPath), { recursive: true })
  writeFileSync(svgPath, await drawSvg(experiments))
  console.log(`The chart as an SVG: ${svgPath}`)
}

function describeTasks({ tasks }: Columns): string {
  return `${tasks.length === 1 ? 'task' : 'tasks'}: ${tasks.map(({ name }) => name).join(', ')}`
}

function runExperiments({ columns, rows, learningRates, epochs }: Omit<DemoOptions, 'svgPath'>): Experiment[] {
  const encoder = fitEncoder(rows.training)
  const { categoryCounts } = encoder
  const data = { training: encode(rows.training, encoder), test: encode(rows.test, encoder), categoryCounts }

  const batches = batchCount(data.training.length, BATCH_SIZE, epochs)
  const bar = startBar(batches * learningRates.length * METHODS.length)
  const experiments: Experiment[] = []
  for (const learningRate of learningRates) {
    for (const method of METHODS) {
      const name = `${method}, learning rate ${formatRate(learningRate)}`
      const onBatch = (loss: number) => bar?.increment({ name, loss: loss.toPrecision(3) })
      experiments.push(runExperiment({ ...data, method, learningRate, columns, epochs, onBatch }))
      bar?.update(batches * experiments.length) // Training that broke down skipped some batches.
    }
  }
  bar?.stop()
  return experiments
}

/** A progress bar, unless the output goes to a file or another program. */
function startBar(total: number): SingleBar | undefined {
  if (!process.stdout.isTTY) return undefined
  const bar = new SingleBar({
    stream: process.stdout,
    format: '{bar} {percentage}% | {name} | batch loss {loss} | {eta_formatted} left',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
  })
  bar.start(total, 0, { name: 'starting', loss: '–' })
  return bar
}
