// Run with: mpirun -n 2 node --import tsx train-shards.ts [targets] [steps]
//
// Trains a linear model of which each rank has a part, and prints each part's bits: for any number of ranks they are those
// of one process that has it all.

import { fingerprint } from './fingerprint.ts'
import { LinearModel } from './linear-model.ts'
import { onEveryRank } from './on-every-rank.ts'
import { ShardedClippyAdagrad } from './sharded.ts'
import { shareOf } from './share.ts'

const [targets = '37', steps = '100'] = process.argv.slice(2)

onEveryRank((world) => {
  const { rank, size } = world
  const [start, end] = shareOf(Number(targets), rank, size)
  const model = new LinearModel(start, end)
  const optimizer = new ShardedClippyAdagrad(world, {
    learningRate: 0.5,
    variableRelativeThreshold: 0.1,
    absoluteThreshold: 0.01,
    exportClippingFactors: true,
  })
  for (let step = 0; step < Number(steps); step++) {
    const gradients = model.gradients(step)
    optimizer.applyGradients(model.weights.map((weights, k) => [gradients[k], weights]))
  }
  console.log(`rank ${rank} has targets ${start} to ${end}: ${fingerprint(model.weights, optimizer)}`)
  console.log(`rank ${rank}: last factors ${optimizer.clippingFactors.map((factor) => factor.toPrecision(4))}`)
})
