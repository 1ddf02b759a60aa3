import { parseArgs } from 'node:util'
import { UsageError } from '../tools/usage-error.ts'

export { UsageError } from '../tools/usage-error.ts'

export interface Options {
  /** Names of parts; all that need no Python where there is none. */
  readonly only: readonly string[]
  readonly quick: boolean
  readonly write: boolean
  readonly python: string | undefined
  readonly help: boolean
}

/** The parts that `--only` may name, in the order of the report. */
const PART_NAMES = ['dense', 'sparse', 'cases', 'options', 'variables', 'memory', 'peers']

export const HELP = `Times a step of this package beside other ways of taking it; each answer is checked first.

Usage: npm run bench -- [options]

  --only NAME     one part, or several with commas: ${PART_NAMES.join(', ')}
  --python PATH   times TensorFlow and PyTorch instead, with this interpreter, which has the packages of
                  bench/python/requirements.txt
  --quick         small sizes and few rounds, to see that everything works: figures too rough for --write
  --write         keep the figures in bench/results.json, and write bench/RESULTS.md, bench/results.svg and the
                  table in README.md anew from all that are kept there
  --help          show this text

tf.js is installed into bench/node_modules on the first run. Close other programs before a full run.`

export function parseOptions(commandLine: readonly string[]): Options {
  const { only, python, ...flags } = parse(commandLine)
  const names = only?.split(',') ?? []
  for (const name of names) {
    if (!PART_NAMES.includes(name)) {
      throw new UsageError(`there is no part '${name}'; expected some of ${PART_NAMES.join(', ')}`)
    }
  }
  if (names.length > 0 && python !== undefined) throw new UsageError('--python is a part of its own: leave out --only')
  if (flags.quick && flags.write) throw new UsageError('--quick gives figures too rough for --write')
  return { ...flags, only: names, python }
}

function parse(commandLine: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...commandLine],
      options: {
        only: { type: 'string' },
        quick: { type: 'boolean', default: false },
        write: { type: 'boolean', default: false },
        python: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    })
    return values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message.split('\n')[0] : String(error))
  }
}
