// What ends a program: one rank's own error, or one that all ranks agree on.
import { StepRefused } from '../../agreement.ts'
import { DistributedClippyAdagrad, Shard } from '../../distributed.ts'
import { onEveryRank } from '../../on-every-rank.ts'

const [kind] = process.argv.slice(2)

onEveryRank((world) => {
  if (kind === 'all') throw new StepRefused('no further')
  if (kind === 'nan') {
    const gradient = Float32Array.of(world.rank === 1 ? Number.NaN : 1)
    new DistributedClippyAdagrad(world).applyGradients([[gradient, new Shard([1], { name: 'part' })]])
  }
  if (world.rank === 1) throw new Error('the disk is full')
  world.allreduce(new Float64Array(1), 'sum')
})
