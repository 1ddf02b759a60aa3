import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { FloatArray } from 'clippy-adagrad'
import { cuts, shared } from '../shards.ts'
import type { Answer, Command, TeamOptions, ThreadData } from './shard-thread.ts'
import { sharedFactors } from './smallest-of-all.ts'

const PROGRAM = new URL('thread.mjs', import.meta.url)

/**
 * A variable whose shards live in threads, one each, that meet in the middle of a step to find the smallest factor. Its
 * steps have the bits of a `ClippyAdagrad` on the whole, and copy less than a pool's.
 *
 * Between steps the two arrays are the main thread's: it fills `gradient` and reads `variable`. Writing to `variable` has
 * no effect, as the threads keep the values that count.
 */
export class ShardTeam {
  readonly variable: FloatArray
  readonly gradient: FloatArray
  readonly #threads: readonly Worker[]
  /** Rejects when a thread fails or ends; the others, who may be waiting for it, are ended too then. */
  readonly #loss: Promise<never>
  #lost: Error | undefined
  #isStepping = false

  private constructor(values: FloatArray, shards: number, options: TeamOptions) {
    const places = cuts(values, shards)
    this.variable = shared(values)
    this.gradient = shared(values).fill(0)
    const factors = sharedFactors(shards)
    this.#threads = places.slice(1).map((end, rank) => {
      const view = (array: FloatArray) => array.subarray(places[rank], end)
      const data = { rank, variable: view(this.variable), gradient: view(this.gradient), factors, options }
      return new Worker(PROGRAM, { workerData: data satisfies ThreadData })
    })
    this.#loss = new Promise((_, reject) => {
      for (const thread of this.#threads) {
        thread.once('error', reject)
        thread.once('exit', (code) => reject(new Error(`a thread ended with code ${code}; its shard is lost`)))
      }
    })
    this.#loss.catch((error) => {
      this.#lost ??= error
      return this.end()
    })
  }

  /** Copies the values and starts a thread for each shard. Throws as the constructor of `ClippyAdagrad`. */
  static async start(values: FloatArray, shards: number, options: TeamOptions): Promise<ShardTeam> {
    const team = new ShardTeam(values, shards, options)
    await team.#all((thread) => answerOf(thread))
    return team
  }

  /**
   * One step with what is in `gradient`; gives the clipping factor. No shard has moved where it throws for a number that
   * is not finite. Where a thread dies the team is lost: start another from a checkpoint.
   */
  async step(learningRate?: number): Promise<number> {
    if (this.#lost !== undefined) throw this.#lost
    if (this.#isStepping) throw new Error('the last step is still under way; wait for it')
    this.#isStepping = true
    try {
      const answers = await this.#all((thread) => {
        const answer = answerOf(thread)
        thread.postMessage({ learningRate } satisfies Command)
        return answer
      })
      return this.#factorIn(answers)
    } finally {
      this.#isStepping = false
    }
  }

  async end(): Promise<void> {
    this.#lost ??= new Error('the team has been ended')
    await Promise.all(this.#threads.map((thread) => thread.terminate()))
  }

  /** What each thread answers, once all have. */
  #all(ask: (thread: Worker) => Promise<Answer>): Promise<Answer[]> {
    return Promise.race([Promise.all(this.#threads.map(ask)), this.#loss])
  }

  #factorIn(answers: readonly Answer[]): number {
    for (const answer of answers) {
      if (!('error' in answer)) continue
      // A shard counts from its own first coordinate, and those beside it only know that another one refused.
      const bad = this.gradient.findIndex((g) => !Number.isFinite(g))
      if (bad >= 0) throw new RangeError(`gradient[${bad}] is ${this.gradient[bad]}; expected a finite number`)
      throw answer.error
    }
    return 'factor' in answers[0] ? answers[0].factor : Number.NaN
  }
}

/** The next message of a thread. */
async function answerOf(thread: Worker): Promise<Answer> {
  const [answer] = await once(thread, 'message')
  return answer
}
