import type { ClippyAdagrad } from 'clippy-adagrad'
import type { Dataset } from '../examples/adult/data.ts'
import type { Model } from '../examples/adult/model.ts'
import type { Random } from '../examples/adult/random.ts'
import { train } from '../examples/adult/train.ts'

/** Where the milliseconds of an epoch go. */
export interface EpochTimes {
  readonly total: number
  /** The forward pass. */
  readonly loss: number
  /** The backward pass, and the gradients of the embedding tables, by row or as whole tables. */
  readonly backward: number
  readonly optimizer: number
  /** Shuffling, and the check that gradients are finite. */
  readonly rest: number
}

export interface Training {
  readonly model: Model
  readonly data: Dataset
  readonly optimizer: Pick<ClippyAdagrad, 'applyGradients' | 'clippingFactors'>
  readonly random: Random
  readonly batchSize: number
  readonly embeddings: 'sparse' | 'dense'
}

/** Trains for one epoch with the demo's own loop, which is given a model and an optimizer that time themselves. */
export function timedEpoch({ model, data, optimizer, random, batchSize, embeddings }: Training): EpochTimes {
  const times = { loss: 0, backward: 0, optimizer: 0 }
  const timed = <Result>(part: keyof typeof times, action: () => Result): Result => {
    const start = performance.now()
    const result = action()
    times[part] += performance.now() - start
    return result
  }
  const start = performance.now()
  const { breakdown } = train({
    model: {
      variables: model.variables,
      loss: (...given) => timed('loss', () => model.loss(...given)),
      backward: (...given) => timed('backward', () => model.backward(...given)),
      sparseGradients: (...given) =>
        timed('backward', () =>
          embeddings === 'sparse' ? model.sparseGradients(...given) : [...model.denseGradients(...given)],
        ),
    },
    optimizer: {
      applyGradients: (...given) => timed('optimizer', () => optimizer.applyGradients(...given)),
      get clippingFactors() {
        return optimizer.clippingFactors
      },
    },
    data,
    random,
    batchSize,
    epochs: 1,
  })
  const total = performance.now() - start
  if (breakdown !== undefined) throw new Error(`training broke down: ${breakdown}`)
  return { ...times, total, rest: total - times.loss - times.backward - times.optimizer }
}
