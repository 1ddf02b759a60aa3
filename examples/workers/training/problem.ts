import { ONE_TASK } from '../../adult/columns.ts'
import { type Dataset, encode, fitEncoder, type Rows } from '../../adult/data.ts'
import { areaUnderCurve } from '../../adult/metrics.ts'
import type { Model } from '../../adult/model.ts'
import { BATCH_SIZE } from '../../adult/models/options.ts'
import { plainModel } from '../../adult/models/plain.ts'
import { type Random, seededRandom } from '../../adult/random.ts'
import { predict } from '../../adult/train.ts'
import type { ShardOptions } from '../sharded/shard-optimizer.ts'

/** All that is learned from: the demo's rows, and the rows that each of its embedding tables has. */
export interface Problem {
  readonly training: Dataset
  readonly test: Dataset
  readonly categoryCounts: readonly number[]
}

export function encodeProblem({ training, test }: Rows): Problem {
  const encoder = fitEncoder(training)
  return {
    training: encode(training, encoder),
    test: encode(test, encoder),
    categoryCounts: encoder.categoryCounts,
  }
}

export { BATCH_SIZE }

export const OPTIONS: ShardOptions = { learningRate: 1, variableRelativeThreshold: 0.1, absoluteThreshold: 0.01 }

/** The demo's model. Its random numbers come before those that shuffle the rows. */
export function makeModel(categoryCounts: readonly number[], random: Random = seededRandom(1)): Model {
  return plainModel({ categoryCounts, numericCount: ONE_TASK.numeric.length, random })
}

/** The area under the ROC curve of the test rows. */
export function testAuc(model: Model, { test }: Problem): number {
  const [logits] = predict(model, test, BATCH_SIZE)
  return areaUnderCurve(logits, test.labels[0])
}
