import { type Dataset, NUMERIC_COLUMNS } from '../../adult/data.ts'
import { BATCH_SIZE } from '../../adult/experiment.ts'
import { areaUnderCurve } from '../../adult/metrics.ts'
import { Model } from '../../adult/model.ts'
import { type Random, seededRandom } from '../../adult/random.ts'
import { predict } from '../../adult/train.ts'
import type { ShardOptions } from '../sharded/shard-optimizer.ts'

/** All that is learned from: the demo's rows, and the rows that each of its embedding tables has. */
export interface Problem {
  readonly training: Dataset
  readonly test: Dataset
  readonly categoryCounts: readonly number[]
}

export { BATCH_SIZE }

export const OPTIONS: ShardOptions = { learningRate: 1, variableRelativeThreshold: 0.1, absoluteThreshold: 0.01 }

/** The demo's model. Its random numbers come before those that shuffle the rows. */
export function makeModel(categoryCounts: readonly number[], random: Random = seededRandom(1)): Model {
  const numericCount = NUMERIC_COLUMNS.length
  return new Model({
    categoryCounts,
    numericCount,
    embeddingWidth: 8,
    hidden: [64, 32],
    batchSize: BATCH_SIZE,
    random,
  })
}

/** The area under the ROC curve of the test rows. */
export function testAuc(model: Model, { test }: Problem): number {
  return areaUnderCurve(predict(model, test, BATCH_SIZE), test.labels)
}
