// Run with: npm run demo

import { fileURLToPath } from 'node:url'
import { ONE_TASK, TWO_TASKS } from './columns.ts'
import { DataError } from './data.ts'
import { loadAdult, loadCsv } from './load.ts'
import { HELP, parseOptions, UsageError } from './options.ts'

const SVG_PATH = fileURLToPath(new URL('out/training-loss.svg', import.meta.url))

async function main(commandLine: readonly string[]): Promise<void> {
  const { help, csv, tasks, learningRates, epochs } = parseOptions(commandLine)
  if (help) {
    console.log(HELP)
    return
  }
  const columns = tasks === 1 ? ONE_TASK : TWO_TASKS
  const rows = csv === undefined ? loadAdult(columns) : loadCsv(csv, columns)
  // Not imported at the top: a mistake is reported without waiting for the drawing libraries to load.
  const { runDemo } = await import('./demo.ts')
  await runDemo({ columns, rows, learningRates, epochs, svgPath: SVG_PATH })
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof UsageError || error instanceof DataError)) throw error
  console.error(error.message)
  process.exitCode = 2
}
