// Run with: mpirun -n 2 node --import tsx train-replicas.ts [steps] [file] [save every]
//
// Trains the demo's model, each rank on its part of every batch. Kill it whenever you like and start it again: it goes on
// after the last step that it saved, and ends with the same bits as if it had never stopped.

import { hostname } from 'node:os'
import { saveCheckpoint } from '../checkpoint/checkpoint.ts'
import { loadOnEveryRank } from './checkpoint.ts'
import { DataParallelClippyAdagrad } from './data-parallel.ts'
import { Demo, OPTIONS } from './demo.ts'
import { fingerprint } from './fingerprint.ts'
import { onEveryRank } from './on-every-rank.ts'

const [steps = '200', file = 'checkpoint.bin', saveEvery = '20'] = process.argv.slice(2)

onEveryRank((world) => {
  const { rank, size } = world
  const demo = new Demo()
  const { variables } = demo.model
  const optimizer = new DataParallelClippyAdagrad(world, OPTIONS)
  console.log(`rank ${rank} of ${size} is process ${process.pid} on ${hostname()}`)

  const done = loadOnEveryRank(world, file, variables, optimizer)
  if (done > 0 && rank === 0) console.log(`going on after step ${done}`)

  for (let step = done; step < Number(steps); step++) {
    const { loss, gradients, weight } = demo.lossAndGradients(step, rank, size)
    optimizer.weight = weight
    optimizer.applyGradients(variables.map((variable, k) => [gradients[k], variable]))

    if ((step + 1) % Number(saveEvery) !== 0) continue
    const mean = Float64Array.of(loss * weight)
    world.allreduce(mean, 'sum')
    if (rank !== 0) continue
    saveCheckpoint(file, step + 1, variables, optimizer)
    console.log(`step ${step + 1}: loss ${mean[0].toFixed(5)}, saved`)
  }
  console.log(`rank ${rank} of ${size} ends with ${fingerprint(variables, optimizer)}`)
})
