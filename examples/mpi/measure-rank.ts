// Started by measure.ts on each rank; rank 0 writes what it has measured to the file named.

import { readFileSync, writeFileSync } from 'node:fs'
import type { Ranks } from './agreement.ts'
import { DataParallelClippyAdagrad } from './data-parallel.ts'
import { Demo, OPTIONS } from './demo.ts'
import { type Measured, type Measurements, type Spread, WEIGHTS } from './measurements.ts'
import type { World } from './mpi.ts'
import { onEveryRank } from './on-every-rank.ts'
import { ShardedClippyAdagrad } from './sharded.ts'
import { shareOf } from './share.ts'

/** Counts the time inside collectives. */
class TimedRanks implements Ranks {
  milliseconds = 0
  readonly rank: number
  readonly size: number
  readonly #world: World

  constructor(world: World) {
    this.#world = world
    this.rank = world.rank
    this.size = world.size
  }

  allreduce(...args: Parameters<World['allreduce']>): void {
    const started = performance.now()
    this.#world.allreduce(...args)
    this.milliseconds += performance.now() - started
  }

  broadcast(...args: Parameters<World['broadcast']>): void {
    this.#world.broadcast(...args)
  }
}

function measure(world: World, ranks: TimedRanks, steps: number, takeStep: (step: number) => void): Measured {
  const warmUp = Math.ceil(steps / 10)
  for (let step = 0; step < warmUp; step++) takeStep(step)
  world.barrier()
  const [payload, sent] = [world.payload, bytesSent()]
  const [whole, inMpi]: [number[], number[]] = [[], []]
  for (let step = 0; step < steps; step++) {
    const before = ranks.milliseconds
    const started = performance.now()
    takeStep(warmUp + step)
    whole.push(performance.now() - started)
    inMpi.push(ranks.milliseconds - before)
  }
  return {
    payload: (world.payload - payload) / steps,
    milliseconds: spread(whole),
    inMpi: spread(inMpi),
    sent: (bytesSent() - sent) / steps,
  }
}

function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  return { fastest: sorted[0], median: sorted[sorted.length >> 1] }
}

/** By all networks of this machine but the one that it has with itself. */
function bytesSent(): number {
  const lines = readFileSync('/proc/net/dev', 'utf8').split('\n').slice(2)
  const counters = lines
    .map((line) => line.trim().split(/[:\s]+/))
    .filter(([device]) => device !== '' && device !== 'lo')
  return counters.reduce((sum, fields) => sum + Number(fields[9]), 0)
}

onEveryRank((world) => {
  const { rank, size } = world
  const ranks = new TimedRanks(world)

  const demo = new Demo()
  const demoOptimizer = new DataParallelClippyAdagrad(ranks, OPTIONS)
  const measuredDemo = measure(world, ranks, 60, (step) => {
    const { gradients, weight } = demo.lossAndGradients(step, rank, size)
    demoOptimizer.weight = weight
    demoOptimizer.applyGradients(demo.model.variables.map((variable, k) => [gradients[k], variable]))
  })

  const whole = new Float32Array(WEIGHTS).fill(1)
  const wholeGradient = whole.map((_, i) => Math.sin(i))
  const replicas = new DataParallelClippyAdagrad(ranks, OPTIONS)
  const measuredReplicas = measure(world, ranks, 30, () => {
    replicas.applyGradients([[wholeGradient, whole]])
  })

  const [start, end] = shareOf(WEIGHTS, rank, size)
  const part = new Float32Array(end - start).fill(1)
  const partGradient = wholeGradient.slice(start, end)
  const shards = new ShardedClippyAdagrad(ranks, OPTIONS)
  const measuredShards = measure(world, ranks, 30, () => {
    shards.applyGradients([[partGradient, part]])
  })

  const measurements: Measurements = { demo: measuredDemo, replicas: measuredReplicas, shards: measuredShards }
  if (rank === 0) writeFileSync(process.argv[2], JSON.stringify(measurements))
})
