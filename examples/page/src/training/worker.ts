/** The worker: trains in slices, and between two of them reads what the page has to say. */
import { kernel } from 'clippy-adagrad'
import { fetchAdult } from '../data/fetch.ts'
import type { AdultData } from '../data/packed.ts'
import type { Order, Progress, Report } from './messages.ts'
import { perMethod, Race } from './race.ts'

/** How long to train before the next report, in milliseconds: often enough to look live. */
const SLICE = 40

interface Run {
  id: number
  race: Race
}

const data = fetchAdult()
let current: Run | undefined
let paused = false
let looping = false

addEventListener('message', ({ data: order }: MessageEvent<Order>) => {
  obey(order).catch(fail)
})

data
  .then(({ training, test, vocabularies }) => {
    report({
      type: 'ready',
      kernel: kernel(),
      trainingRows: training.length,
      testRows: test.length,
      vocabularies,
    })
  })
  .catch(fail)

async function obey(order: Order): Promise<void> {
  if (order.type === 'start') await start(order, await data)
  else if (order.type === 'stop') current = undefined
  else if (current !== undefined) {
    paused = order.type === 'pause'
    report({ type: 'state', run: current.id, state: paused ? 'paused' : 'running' })
    await loop()
  }
}

async function start({ run: id, settings }: Order & { type: 'start' }, adult: AdultData): Promise<void> {
  const race = new Race(settings, adult)
  current = { id, race }
  paused = false
  report({ type: 'started', run: id, batches: race.batches, batchesPerEpoch: race.batchesPerEpoch })
  report({ type: 'state', run: id, state: 'running' })
  await loop()
}

async function loop(): Promise<void> {
  // One loop at a time: it takes up whatever run is current after each slice.
  if (looping) return
  looping = true
  try {
    while (current !== undefined && !paused) {
      const { id, race } = current
      report(slice(id, race))
      if (race.finished) {
        report({ type: 'state', run: id, state: 'finished' })
        current = undefined
      }
      await messages()
    }
  } finally {
    looping = false
  }
}

/** Trains until the time is over or an epoch ends, at least one batch; the last batch is explained. */
function slice(run: number, race: Race): Progress {
  const progress: Progress = {
    type: 'progress',
    run,
    losses: perMethod(() => []),
    factors: [],
    explanations: [],
    breakdowns: perMethod(() => undefined),
    areas: [],
  }
  const end = performance.now() + SLICE
  for (let over = false; !over; ) {
    over = performance.now() >= end
    const { losses, factors, explanations, breakdowns, areas } = race.step(over)
    perMethod((method) => {
      const loss = losses[method]
      if (loss !== undefined) progress.losses[method].push(loss)
    })
    progress.factors.push(factors)
    progress.explanations = explanations
    progress.breakdowns = breakdowns
    if (areas !== undefined) {
      progress.areas.push(areas)
      over = true
    }
  }
  return progress
}

/** Lets the messages that have arrived be heard. */
function messages(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve))
}

function report(message: Report): void {
  postMessage(message)
}

function fail(error: unknown): void {
  current = undefined
  report({ type: 'failure', message: error instanceof Error ? error.message : String(error) })
}
