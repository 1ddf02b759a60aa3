import { onEveryRank } from '../../on-every-rank.ts'
import { ShardedClippyAdagrad } from '../../sharded.ts'
import { shareOf } from '../../share.ts'
import { writeResult } from '../support/results.ts'
import { MODES, TARGETS, trainPart } from '../support/sharded-training.ts'

const [folder] = process.argv.slice(2)

onEveryRank((world) => {
  const parts = TARGETS.flatMap((targets) =>
    MODES.map((options) =>
      trainPart(new ShardedClippyAdagrad(world, options), ...shareOf(targets, world.rank, world.size)),
    ),
  )
  writeResult(folder, world.rank, parts)
})
