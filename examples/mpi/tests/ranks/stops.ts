// What ends a program: one rank's own error, or one that all ranks agree on.
import { StepRefused } from '../../agreement.ts'
import { onEveryRank } from '../../on-every-rank.ts'

const [kind] = process.argv.slice(2)

onEveryRank((world) => {
  if (kind === 'all') throw new StepRefused('no further')
  if (world.rank === 1) throw new Error('the disk is full')
  world.barrier()
})
