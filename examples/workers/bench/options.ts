import { parseArgs } from 'node:util'

export interface Options {
  readonly lengths: readonly number[]
  readonly rounds: number
  readonly milliseconds: number
  readonly python: string | undefined
  readonly write: boolean
  readonly help: boolean
}

export const HELP = `Times steps on shards in threads beside the step on one thread; each answer is checked first.

Usage: npm run bench -- [options]

  --quick         one small size and few rounds, to see that everything works
  --python PATH   also time torch.compile on the same formula, with an interpreter that has torch
  --write         write the results to README.md; without it they are only printed
  --help          show this text

Close other programs before a full run.`

const FULL = { lengths: [1_048_576, 8_388_608], rounds: 11, milliseconds: 200 }
const QUICK = { lengths: [65_536], rounds: 3, milliseconds: 10 }

/** Throws TypeError for a mistake on the command line. */
export function parseOptions(commandLine: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...commandLine],
    options: {
      quick: { type: 'boolean', default: false },
      python: { type: 'string' },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const { quick, python, write, help } = values
  if (quick && write) throw new TypeError('--quick gives figures too rough for --write')
  return { ...(quick ? QUICK : FULL), python, write, help }
}
