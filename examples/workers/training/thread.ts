/** The program of a thread that trains: it takes its share of each batch, and then a step on its shard of each variable. */
import { type AllocationHandle, attach, type FloatArray } from 'clippy-adagrad'
import { ShardOptimizer } from '../sharded/shard-optimizer.ts'
import { shardOf } from '../sharded/shards.ts'
import { joinTeam, type Member } from '../team/member.ts'
import { allocationsIn, placesIn } from './parameters.ts'
import { BATCH_SIZE, makeModel, OPTIONS, type Problem } from './problem.ts'

export interface TrainingData {
  readonly problem: Problem
  /** Weights, accumulators and the sum of the gradients, all variables one after the other. */
  readonly parameters: AllocationHandle
  /** The gradients of each thread, laid out as `parameters`, on shared memory. */
  readonly gradients: readonly FloatArray[]
}

/** An epoch: the rows in their order. */
export type Epoch = Int32Array

joinTeam(({ rank, threads, meeting, data }: Member<TrainingData>) => {
  const { training, categoryCounts } = data.problem
  const model = makeModel(categoryCounts)
  const all = attach(data.parameters)
  const weights = placesIn(all.variable, model.variables)
  const ownGradients = placesIn(data.gradients[rank], model.variables)
  const shards = allocationsIn(all, model.variables).map((arrays) => shardOf(arrays, rank, threads))
  const optimizer = new ShardOptimizer(OPTIONS, meeting, shards)
  const pairs = shards.map(({ gradient, variable }) => [gradient, variable] as const)
  /** What all threads have to say about each shard. */
  const contributions = data.gradients.map((gradients) =>
    allocationsIn({ ...all, gradient: gradients }, model.variables).map(
      (arrays) => shardOf(arrays, rank, threads).gradient,
    ),
  )

  /** One step of all threads; gives this one's part of the batch's loss before it. */
  const trainOn = (batch: Int32Array): number => {
    const end = (k: number) => Math.round((k * batch.length) / threads)
    const rows = batch.subarray(end(rank), end(rank + 1))
    const share = rows.length / batch.length
    // The demo's model has arrays of its own.
    model.variables.forEach((variable, k) => {
      variable.set(weights[k])
    })
    const loss = model.loss(training, rows)
    model.backward(rows)
    model.denseGradients(training, rows).forEach((gradient, k) => {
      for (let i = 0; i < gradient.length; i++) ownGradients[k][i] = share * gradient[i]
    })
    meeting.wait()
    shards.forEach(({ gradient }, k) => {
      sumInto(
        gradient,
        contributions.map((of) => of[k]),
      )
    })
    optimizer.applyGradients(pairs)
    // Only then may anyone read weights, or overwrite gradients.
    meeting.wait()
    return loss * share
  }

  /** Gives this thread's part of the sum of the losses of all batches. */
  return (order: Epoch): number => {
    let sum = 0
    for (let start = 0; start < order.length; start += BATCH_SIZE) {
      sum += trainOn(order.subarray(start, start + BATCH_SIZE))
    }
    return sum
  }
})

/** In the order of the threads, so that the same number of them gives the same bits in every run. */
function sumInto(sum: FloatArray, parts: readonly FloatArray[]): void {
  sum.set(parts[0])
  for (const part of parts.slice(1)) for (let i = 0; i < sum.length; i++) sum[i] += part[i]
}
