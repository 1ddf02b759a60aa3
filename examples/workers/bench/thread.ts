/** The program of a thread that takes step after step on its shard, with the same gradient, without a word to the main thread. */
import { attach } from 'clippy-adagrad'
import { ShardOptimizer } from '../sharded/shard-optimizer.ts'
import { shardOf } from '../sharded/shards.ts'
import type { ShardData } from '../sharded/thread.ts'
import { answerCommands, joinTeam } from '../team/member.ts'

const { rank, threads, meeting, data } = joinTeam<ShardData>()
const { variable, gradient, accumulator } = shardOf(attach(data.handle), rank, threads)
const optimizer = new ShardOptimizer(data.options, meeting, [{ variable, gradient, accumulator }])

/** Gives milliseconds for so many steps. */
answerCommands(meeting, (steps: number): number => {
  meeting.wait()
  const start = performance.now()
  for (let n = 0; n < steps; n++) optimizer.applyGradients([[gradient, variable]])
  return performance.now() - start
})
