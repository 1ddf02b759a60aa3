import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { UsageError } from '../options.ts'

export interface Options {
  readonly jobs: number
  readonly quick: boolean
  readonly write: boolean
  readonly help: boolean
}

export const HELP = `Trains models of one and of two tasks on UCI Adult with every optimizer at growing learning rates, and shows who still
trains where.

Usage: npm run bench:stability -- [options]

  --jobs N   processes that train at the same time (default: one for each core)
  --quick    few rows, one epoch, two learning rates: about twenty seconds, figures too rough for --write
  --write    write the results to bench/STABILITY.md and the charts in bench/stability; without it they are only
             printed
  --help     show this text

Each run that is done is kept in bench/stability/out/runs.jsonl, so that a sweep that was broken off goes on where it
was. A run counts again as long as the code computes the same: a few steps of every model with every
optimizer, taken at the start, must lead to the same bits.`

export function parseOptions(commandLine: readonly string[]): Options {
  try {
    const { values } = parseArgs({
      args: [...commandLine],
      options: {
        jobs: { type: 'string', default: String(availableParallelism()) },
        quick: { type: 'boolean', default: false },
        write: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.quick && values.write) throw new UsageError('--quick gives figures too rough for --write')
    if (!/^[1-9]\d*$/.test(values.jobs)) {
      throw new UsageError(`--jobs: expected a whole number from 1 on, received ${JSON.stringify(values.jobs)}`)
    }
    return { ...values, jobs: Number(values.jobs) }
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message.split('\n')[0] : String(error))
  }
}
