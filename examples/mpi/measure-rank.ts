// Started by measure.ts on each rank; rank 0 writes what it has measured to the file named.

import { readFileSync, writeFileSync } from 'node:fs'
import { Variable } from 'clippy-adagrad'
import { Demo, OPTIONS } from './demo.ts'
import { DistributedClippyAdagrad, Shard } from './distributed.ts'
import { type Measured, type Measurements, type Spread, WEIGHTS } from './measurements.ts'
import type { World } from './mpi.ts'
import { onEveryRank } from './on-every-rank.ts'
import { shareOf } from './share.ts'

function measure(world: World, steps: number, takeStep: (step: number) => void): Measured {
  const warmUp = Math.ceil(steps / 10)
  for (let step = 0; step < warmUp; step++) takeStep(step)
  world.barrier()
  const [payload, sent, overNetwork] = [world.payload, world.sent, bytesSent()]
  const [whole, inMpi]: [number[], number[]] = [[], []]
  for (let step = 0; step < steps; step++) {
    const before = world.milliseconds
    const started = performance.now()
    takeStep(warmUp + step)
    whole.push(performance.now() - started)
    inMpi.push(world.milliseconds - before)
  }
  return {
    payload: (world.payload - payload) / steps,
    exchanged: (world.sent - sent) / steps,
    milliseconds: spread(whole),
    inMpi: spread(inMpi),
    overNetwork: (bytesSent() - overNetwork) / steps,
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
  const demo = new Demo(world)
  const demoOptimizer = new DistributedClippyAdagrad(world, OPTIONS)
  const mixed = measure(world, 60, (step) => {
    const { weight, pairs } = demo.lossAndGradients(step)
    demoOptimizer.weight = weight
    demoOptimizer.applyGradients(pairs)
  })

  const measureVariable = (variable: Variable) => {
    const gradient = variable.value.map((_, i) => Math.sin(i))
    const optimizer = new DistributedClippyAdagrad(world, OPTIONS)
    return measure(world, 30, () => {
      optimizer.applyGradients([[gradient, variable]])
    })
  }
  const whole = measureVariable(new Variable(new Float32Array(WEIGHTS).fill(1)))
  const [start, end] = shareOf(WEIGHTS, world.rank, world.size)
  const shards = measureVariable(new Shard(new Float32Array(end - start).fill(1)))

  const measurements: Measurements = { mixed, whole, shards }
  if (world.rank === 0) writeFileSync(process.argv[2], JSON.stringify(measurements))
})
