import { parseArgs } from 'node:util'

/** A mistake on the command line. */
export class UsageError extends Error {}

export interface Options {
  readonly quick: boolean
  readonly write: boolean
  readonly python: string | undefined
  readonly help: boolean
}

export const HELP = `Times a step of this package beside every other way of taking it; each answer is checked first.

Usage: npm run bench -- [options]

  --quick         small sizes and few rounds: less than a minute, figures too rough for --write
  --python PATH   also time TensorFlow and PyTorch with this interpreter, which has the packages of
                  bench/python/requirements.txt
  --write         write the results to bench/RESULTS.md, bench/results.svg and the README's section on speed;
                  without it they are only printed
  --help          show this text

The peers in JavaScript are installed into bench/node_modules on the first run. Close other programs before a full run.`

export function parseOptions(commandLine: readonly string[]): Options {
  try {
    const { values } = parseArgs({
      args: [...commandLine],
      options: {
        quick: { type: 'boolean', default: false },
        write: { type: 'boolean', default: false },
        python: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.quick && values.write) throw new UsageError('--quick gives figures too rough for --write')
    return { quick: values.quick, write: values.write, python: values.python, help: values.help }
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message.split('\n')[0] : String(error))
  }
}
