import { parseArgs } from 'node:util'

/** A mistake on the command line. */
export class UsageError extends Error {}

export interface Options {
  learningRates: number[]
  epochs: number
  tasks: 1 | 2
  /** The user's file, or none for the UCI files. */
  csv?: string
  help: boolean
}

export const HELP = `Trains the same small network with Adagrad and with ClippyAdagrad, at growing learning rates.

Usage: npm run demo -- [options]

  --lr LIST     learning rates, separated by commas (default: 0.3,1,3,10)
  --epochs N    how often training sees every row (default: 2)
  --tasks N     1: predict the income (default). 2: predict the income, and whether a person never married, with a
                model that both share; the columns marital-status and relationship are then no input
  --csv PATH    train on your own file instead of the UCI Adult data. It has the same 15 columns: in the same
                order, or in any order under a header row with the names that data.ts lists. A third of its
                rows, chosen at random but always the same ones, is kept for testing; the rest is for training.
  --help        show this text`

export function parseOptions(commandLine: readonly string[]): Options {
  const { lr, epochs, tasks, csv, help } = readFlags(commandLine)
  return {
    learningRates: parseLearningRates(lr),
    epochs: parseEpochs(epochs),
    tasks: parseTasks(tasks),
    help,
    ...(csv !== undefined && { csv }),
  }
}

function readFlags(commandLine: readonly string[]) {
  try {
    return parseArgs({
      args: [...commandLine],
      options: {
        lr: { type: 'string', default: '0.3,1,3,10' },
        epochs: { type: 'string', default: '2' },
        tasks: { type: 'string', default: '1' },
        csv: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    // Some of the messages of parseArgs have several lines.
    throw new UsageError(String(error instanceof Error ? error.message : error).replace(/\s*\n\s*/g, ' '))
  }
}

function parseLearningRates(list: string): number[] {
  const rates = list.split(',').map((text) => {
    const rate = parseNumber(text)
    if (!(rate > 0 && rate < Number.POSITIVE_INFINITY)) {
      throw new UsageError(`--lr: ${JSON.stringify(text)} is no learning rate; expected numbers above 0 like 0.3,1,3`)
    }
    return rate
  })
  const repeated = rates.find((rate, index) => rates.indexOf(rate) !== index)
  if (repeated !== undefined) throw new UsageError(`--lr: ${repeated} is given twice`)
  return rates
}

function parseEpochs(text: string): number {
  const epochs = parseNumber(text)
  if (!(Number.isSafeInteger(epochs) && epochs >= 1)) {
    throw new UsageError(`--epochs: expected a whole number from 1 on, received ${JSON.stringify(text)}`)
  }
  return epochs
}

function parseTasks(text: string): 1 | 2 {
  const tasks = parseNumber(text)
  if (tasks !== 1 && tasks !== 2) throw new UsageError(`--tasks: expected 1 or 2, received ${JSON.stringify(text)}`)
  return tasks
}

/** `Number` alone reads an empty text as 0. */
function parseNumber(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text)
}
