import { DistributedClippyAdagrad } from '../../distributed.ts'
import { onEveryRank } from '../../on-every-rank.ts'
import { shareOf } from '../../share.ts'
import { writeResult } from '../support/results.ts'
import { MODES, TARGETS, trainPart } from '../support/sharded-training.ts'

const [folder] = process.argv.slice(2)

onEveryRank((world) => {
  const parts = TARGETS.flatMap((targets) =>
    MODES.map((options) =>
      trainPart(new DistributedClippyAdagrad(world, options), ...shareOf(targets, world.rank, world.size)),
    ),
  )
  writeResult(folder, world.rank, parts)
})
