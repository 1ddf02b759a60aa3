// Run with: mpirun -n 2 node --import tsx train.ts [steps] [folder] [save every]
//
// Trains the demo's model with large tables: each rank has a part of the tables and takes a part of every batch. Kill it
// whenever you like and start it again, on another number of ranks if you wish: it goes on after the last step that was saved.

import { hostname } from 'node:os'
import { Checkpoint } from './checkpoint.ts'
import { Demo, OPTIONS } from './demo.ts'
import { DistributedClippyAdagrad } from './distributed.ts'
import { fingerprint } from './fingerprint.ts'
import { onEveryRank } from './on-every-rank.ts'

const [steps = '200', folder = 'checkpoints', saveEvery = '20'] = process.argv.slice(2)

onEveryRank((world) => {
  const { rank, size } = world
  const demo = new Demo(world)
  const optimizer = new DistributedClippyAdagrad(world, OPTIONS)
  const checkpoint = new Checkpoint(world, folder, demo.variables, optimizer)
  console.log(`rank ${rank} of ${size} is process ${process.pid} on ${hostname()}`)

  const done = checkpoint.load()
  if (done > 0 && rank === 0) console.log(`going on after step ${done}`)

  for (let step = done; step < Number(steps); step++) {
    const { loss, weight, pairs } = demo.lossAndGradients(step)
    optimizer.weight = weight
    optimizer.applyGradients(pairs)

    if ((step + 1) % Number(saveEvery) !== 0) continue
    const mean = Float64Array.of(loss * weight)
    world.allreduce(mean, 'sum')
    checkpoint.save(step + 1)
    if (rank === 0) console.log(`step ${step + 1}: loss ${mean[0].toFixed(9)}, saved`)
  }
  console.log(
    `rank ${rank} of ${size} ends with ${fingerprint(
      demo.variables.map(({ value }) => value),
      optimizer,
    )}`,
  )
  const auc = demo.testAreaUnderCurve()
  if (rank === 0) console.log(`AUC of the test rows: ${auc.toFixed(4)}`)
})
