// As train.ts, with a small model.
import { Checkpoint } from '../../checkpoint.ts'
import { DistributedClippyAdagrad } from '../../distributed.ts'
import { fingerprint } from '../../fingerprint.ts'
import { onEveryRank } from '../../on-every-rank.ts'
import { SmallModel } from '../support/small-model.ts'

const [steps, folder, saveEvery, rows, savedIn = folder] = process.argv.slice(2)

onEveryRank((world) => {
  const { rank, size } = world
  const model = new SmallModel(world, Number(rows))
  // With all the state that there can be, sharded and not.
  const optimizer = new DistributedClippyAdagrad(world, {
    learningRate: 0.1,
    absoluteThreshold: 0.01,
    useEma: true,
    exportClippingFactors: true,
  })
  const done = new Checkpoint(world, folder, model.variables, optimizer).load()
  if (rank === 0) console.log(`going on after step ${done}`)
  const checkpoint = new Checkpoint(world, savedIn, model.variables, optimizer)
  for (let step = done; step < Number(steps); step++) {
    const { loss, weight, pairs } = model.lossAndGradients(step)
    optimizer.weight = weight
    optimizer.applyGradients(pairs)
    const mean = Float64Array.of(loss * weight)
    world.allreduce(mean, 'sum')
    if (rank === 0) console.log(`step ${step + 1}: loss ${mean[0]},`)
    if ((step + 1) % Number(saveEvery) === 0) checkpoint.save(step + 1)
  }
  if (savedIn !== folder) checkpoint.save(done)
  const bits = fingerprint(
    model.variables.map(({ value }) => value),
    optimizer,
  )
  console.log(`rank ${rank} of ${size} ends with ${bits}`)
})
