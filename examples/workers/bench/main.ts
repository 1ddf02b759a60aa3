/** `npm run bench`: see HELP. */
import { availableParallelism, cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { rewriteMarked } from '../../../tools/marked.ts'
import { type Summary, summarise } from '../../../tools/statistics.ts'
import { formatCount, formatNumber, formatTable } from '../../../tools/table.ts'
import { type Contender, ONE_THREAD, ourContenders, TWO_THREADS, WITHOUT_THREADS } from './contenders.ts'
import { torchContender } from './torch.ts'
import { measureTraining, type TrainingTimes } from './training.ts'

const HELP = `Times steps on shards in threads beside the step on one thread, in turns; each answer is checked first.
Then it times training on one thread and on two.

Usage: npm run bench -- [options]

  --quick         one small size and few rounds, to see that everything works
  --python PATH   also time torch.compile on the same formula, with an interpreter that has torch
  --write         write the results to README.md; without it they are only printed
  --help          show this text

Close other programs before a full run: it needs two quiet cores.`

const FULL = { lengths: [65_536, 1_048_576, 8_388_608], rounds: 21, elements: 1e8, trainings: 5 }
const QUICK = { lengths: [65_536], rounds: 3, elements: 1e7, trainings: 1 }
/** Everyone's, so that compilers have seen enough. */
const WARM_UP_ROUNDS = 2

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    python: { type: 'string' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) console.log(HELP)
else await main(values.quick ? QUICK : FULL, values.python, values.write)

async function main(settings: typeof FULL, python: string | undefined, writes: boolean) {
  const { lengths, rounds, elements, trainings } = settings
  const columns = new Map<number, Map<string, number[]>>()
  for (const length of lengths) columns.set(length, await measure(length, rounds, Math.ceil(elements / length), python))
  const report = `${formatSteps(columns, rounds)}

${formatTrainings(await measureTraining(trainings))}

${cpus()[0]?.model.trim()} (${availableParallelism()} cores), Node ${process.version}, ${process.platform} ${process.arch}.`
  console.log(report)
  if (writes) rewriteMarked(new URL('../README.md', import.meta.url), 'bench', report)
}

/** Nanoseconds per element of a step, of each contender in each round. */
async function measure(length: number, rounds: number, steps: number, python: string | undefined) {
  const contenders = await ourContenders(length)
  await requireSameBits(contenders)
  if (python !== undefined) for (const threads of [1, 2]) contenders.push(await torchContender(python, length, threads))
  const times = new Map(contenders.map(({ name }) => [name, [] as number[]]))
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    // Another one begins in each round, or everyone would always find what the same neighbour left in the caches.
    for (let turn = 0; turn < contenders.length; turn++) {
      const { name, time } = contenders[(rounds + round + turn) % contenders.length]
      const milliseconds = await time(steps)
      if (round >= 0) times.get(name)?.push((milliseconds * 1e6) / steps / length)
    }
  }
  for (const { end } of contenders) await end()
  return times
}

async function requireSameBits(contenders: readonly Contender[]): Promise<void> {
  for (const { time } of contenders) await time(2)
  const [first, ...others] = contenders
  for (const { name, variable } of others) {
    const isSame = variable?.every((value, i) => Object.is(value, first.variable?.[i]))
    if (!isSame) throw new Error(`'${name}' and '${first.name}' give different bits`)
  }
}

function formatSteps(columns: ReadonlyMap<number, ReadonlyMap<string, readonly number[]>>, rounds: number): string {
  const measured = [...columns.values()]
  const names = [...measured[0].keys()]
  const timesOf = (name: string) => measured.map((times) => times.get(name) ?? [])
  const ratioTo = (name: string) => {
    const one = timesOf(name)
    const ratios = timesOf(TWO_THREADS).map((times, k) => times.map((time, round) => time / one[k][round]))
    return [`${TWO_THREADS} / ${name}`, ...ratios.map((each) => formatSummary(summarise(each)))]
  }
  const rows = [
    ...names.map((name) => [name, ...timesOf(name).map((times) => formatSummary(summarise(times)))]),
    ratioTo(ONE_THREAD),
    ratioTo(WITHOUT_THREADS),
  ]
  const headings = [...columns.keys()].map((length) => ({ heading: formatCount(length) }))
  return `Nanoseconds per float32 element of a step, by the variable's length: median (quartiles) of ${rounds} rounds, in which the contenders take turns; the last two lines, round by round.

${formatTable([{ heading: '', align: 'left' }, ...headings], rows)}`
}

function formatTrainings(trainings: readonly TrainingTimes[]): string {
  const rows = trainings.map(({ threads, seconds, areaUnderCurve }) => {
    return [String(threads), formatSummary(summarise(seconds)), areaUnderCurve.toFixed(4)]
  })
  return `The demo's model on all rows, runs of three epochs in turns; the first epoch of each is left out, as the threads' code is compiled in it.

${formatTable([{ heading: 'threads' }, { heading: 'seconds per epoch' }, { heading: 'test AUC' }], rows)}`
}

function formatSummary({ median, lowerQuartile, upperQuartile }: Summary): string {
  return `${formatNumber(median)} (${formatNumber(lowerQuartile)}–${formatNumber(upperQuartile)})`
}
