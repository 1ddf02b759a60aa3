/** The program of a thread that owns a shard, and takes a step on it whenever it is told to. */
import { type AllocationHandle, attach } from 'clippy-adagrad'
import { joinTeam, type Member } from '../team/member.ts'
import { ShardOptimizer, type ShardOptions } from './shard-optimizer.ts'
import { shardOf } from './shards.ts'

export interface ShardData {
  readonly handle: AllocationHandle
  readonly options: ShardOptions
}

/** A step at this learning rate, or at the one before. */
export interface Step {
  readonly learningRate: number | undefined
}

joinTeam(({ rank, threads, meeting, data }: Member<ShardData>) => {
  const shard = shardOf(attach(data.handle), rank, threads)
  const optimizer = new ShardOptimizer(data.options, meeting, [shard])
  return ({ learningRate }: Step): number => {
    if (learningRate !== undefined) optimizer.learningRate = learningRate
    optimizer.applyGradients([[shard.gradient, shard.variable]])
    return optimizer.clippingFactors[0]
  }
})
