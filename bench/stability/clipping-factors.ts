import { ClippyAdagrad } from 'clippy-adagrad'
import { BATCH_SIZE } from '../../examples/adult/models/options.ts'
import { seededRandom } from '../../examples/adult/random.ts'
import { train } from '../../examples/adult/train.ts'
import { summarise } from '../../tools/statistics.ts'
import { PAPER_THRESHOLDS } from './methods.ts'
import { createModel } from './models.ts'
import type { Data } from './run.ts'

/** The clipping factors of one variable in one training run. */
export interface FactorHistory {
  readonly variable: string
  readonly learningRate: number
  /** One for each step. */
  readonly factors: readonly number[]
}

/** A rate that suits Adagrad too, and one that is large for it. */
export const FACTOR_RATES: readonly number[] = [0.1, 1]

/** Trains the demo's model with the paper's thresholds and keeps each variable's factor of each step. */
export function recordFactors(data: Data, learningRate: number, epochs: number): FactorHistory[] {
  const random = seededRandom(1)
  const { model, variables } = createModel('demo', data.categoryCounts, random)
  const optimizer = new ClippyAdagrad({ ...PAPER_THRESHOLDS, learningRate, exportClippingFactors: true })
  optimizer.build(variables)
  const histories = variables.map(({ name }) => ({ variable: name, learningRate, factors: [] as number[] }))
  const { breakdown } = train({
    model,
    data: data.training,
    optimizer: {
      applyGradients: (pairs) => {
        const count = optimizer.applyGradients(pairs)
        optimizer.clippingFactors.forEach((factor, index) => {
          histories[index].factors.push(factor)
        })
        return count
      },
      clippingFactors: [],
    },
    epochs,
    batchSize: BATCH_SIZE,
    random,
  })
  if (breakdown !== undefined) throw new Error(`training broke down: ${breakdown}`)
  return histories
}

export interface FactorSummary {
  /** The share of the steps that were clipped. */
  readonly clipped: number
  readonly smallest: number
  readonly median: number
}

export function summariseFactors({ factors }: FactorHistory): FactorSummary {
  return {
    clipped: factors.filter((factor) => factor < 1).length / factors.length,
    smallest: factors.reduce((smallest, factor) => Math.min(smallest, factor)),
    median: summarise(factors).median,
  }
}
