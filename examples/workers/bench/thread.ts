/** The program of a thread that takes step after step on its shard, with the same gradient, without a word to the main thread. */
import { attach } from 'clippy-adagrad'
import { ShardOptimizer } from '../sharded/shard-optimizer.ts'
import { shardOf } from '../sharded/shards.ts'
import type { ShardData } from '../sharded/thread.ts'
import { joinTeam, type Member } from '../team/member.ts'

joinTeam(({ rank, threads, meeting, data }: Member<ShardData>) => {
  const shard = shardOf(attach(data.handle), rank, threads)
  const optimizer = new ShardOptimizer(data.options, meeting, [shard])
  /** Gives milliseconds for so many steps. */
  return (steps: number): number => {
    meeting.wait()
    const start = performance.now()
    for (let n = 0; n < steps; n++) optimizer.applyGradients([[shard.gradient, shard.variable]])
    return performance.now() - start
  }
})
