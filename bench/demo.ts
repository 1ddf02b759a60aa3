/** `npm run bench:demo`: see HELP. */
import { parseArgs } from 'node:util'
import { ClippyAdagrad } from 'clippy-adagrad'
import { ONE_TASK } from '../examples/adult/columns.ts'
import { type Dataset, encode, fitEncoder } from '../examples/adult/data.ts'
import { loadAdult } from '../examples/adult/load.ts'
import { BATCH_SIZE } from '../examples/adult/models/options.ts'
import { plainModel } from '../examples/adult/models/plain.ts'
import { seededRandom } from '../examples/adult/random.ts'
import { withCrossedTable } from './crossed-table.ts'
import { formatDemoReport, type Variant } from './demo-report.ts'
import { describeMachine } from './machine.ts'
import { rewriteMarked } from './marked.ts'
import { type EpochTimes, type Training, timedEpoch } from './timed-training.ts'

const HELP = `Times the demo's training loop, epoch by epoch, and where the time goes: with sparse and with dense gradients for
the embeddings, in turns. Then the same with one more table, of all combinations of categories, of which a batch touches
few rows.

Usage: npm run bench:demo -- [options]

  --epochs N   epochs to time (default: 11)
  --write      write the results to bench/RESULTS.md; without it they are only printed
  --help       show this text`

const WARM_UP_EPOCHS = 2

function makeTraining(data: Dataset, categoryCounts: readonly number[], embeddings: 'sparse' | 'dense'): Training {
  const random = seededRandom(1)
  const model = plainModel({ categoryCounts, numericCount: ONE_TASK.numeric.length, random })
  const optimizer = new ClippyAdagrad({
    learningRate: 1,
    variableRelativeThreshold: 0.1,
    absoluteThreshold: 0.01,
    exportClippingFactors: true,
  })
  return { model, data, optimizer, random, batchSize: BATCH_SIZE, embeddings }
}

function runDemo(epochs: number): Variant[] {
  const rows = loadAdult().training
  const encoder = fitEncoder(rows)
  const data = encode(rows, encoder)
  const crossed = withCrossedTable(data, encoder.categoryCounts)
  const trainings = (['dense', 'sparse'] as const).flatMap((embeddings) => [
    { table: undefined, training: makeTraining(data, encoder.categoryCounts, embeddings) },
    {
      table: crossed.categoryCounts.at(-1),
      training: makeTraining(crossed.data, crossed.categoryCounts, embeddings),
    },
  ])
  const variants = trainings.map(({ table, training }) => ({ table, training, epochs: [] as EpochTimes[] }))
  for (let epoch = 0; epoch < WARM_UP_EPOCHS + epochs; epoch++) {
    for (const variant of variants) {
      const times = timedEpoch(variant.training)
      if (epoch >= WARM_UP_EPOCHS) variant.epochs.push(times)
    }
  }
  return variants.map(({ table, training, epochs }) => ({ table, embeddings: training.embeddings, epochs }))
}

function main(): void {
  const { values } = parseArgs({
    options: {
      epochs: { type: 'string', default: '11' },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    console.log(HELP)
    return
  }
  const epochs = Number(values.epochs)
  if (!(Number.isSafeInteger(epochs) && epochs >= 1)) throw new RangeError(`--epochs: ${values.epochs} is no count`)
  const report = `${describeMachine()}. Medians of ${epochs} epochs.\n\n${formatDemoReport(runDemo(epochs))}`
  console.log(report)
  if (!values.write) return
  rewriteMarked(new URL('RESULTS.md', import.meta.url), 'demo', report)
}

main()
