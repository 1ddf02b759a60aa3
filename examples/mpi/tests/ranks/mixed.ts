import { Demo, OPTIONS } from '../../demo.ts'
import { DistributedClippyAdagrad } from '../../distributed.ts'
import { onEveryRank } from '../../on-every-rank.ts'
import { MIXED_STEPS, type MixedResult } from '../support/mixed.ts'
import { writeResult } from '../support/results.ts'

const [folder] = process.argv.slice(2)

onEveryRank((world) => {
  const demo = new Demo(world)
  const optimizer = new DistributedClippyAdagrad(world, OPTIONS)
  const initialParts = demo.tables.map(({ part }) => part.value.slice())
  const initialWhole = demo.variables.slice(0, -demo.tables.length).map(({ value }) => value.slice())
  const losses: number[] = []
  let sent = 0
  for (let step = 0; step < MIXED_STEPS; step++) {
    const before = world.sent
    const { loss, weight, pairs } = demo.lossAndGradients(step)
    optimizer.weight = weight
    optimizer.applyGradients(pairs)
    sent += world.sent - before
    const mean = Float64Array.of(loss * weight)
    world.allreduce(mean, 'sum')
    losses.push(mean[0])
  }
  const result: MixedResult = {
    losses,
    variables: demo.variables.map(({ value }) => value),
    state: optimizer.variables.map(({ value }) => value),
    initialWhole,
    initialParts,
    sentInStep: sent / MIXED_STEPS,
  }
  writeResult(folder, world.rank, result)
})
