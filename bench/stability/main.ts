/** `npm run bench:stability`: see HELP in options.ts. */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { UsageError } from '../options.ts'
import { HELP, type Options, parseOptions } from './options.ts'

const PAGE = new URL('../STABILITY.md', import.meta.url)
const LOG = fileURLToPath(new URL('out/runs.jsonl', import.meta.url))

async function main({ jobs, quick, write, help }: Options): Promise<void> {
  if (help) {
    console.log(HELP)
    return
  }
  // Imported here, so that a mistake on the command line is reported without waiting for anything to load.
  const { FULL_PLAN, shorten } = await import('./plan.ts')
  const { runStability } = await import('./stability.ts')
  const { report, charts } = await runStability(quick ? shorten(FULL_PLAN) : FULL_PLAN, jobs, LOG)
  console.log(report)
  if (!write) return
  const { rewriteMarked } = await import('../../tools/marked.ts')
  rewriteMarked(PAGE, 'stability', report)
  for (const [name, svg] of Object.entries(charts)) writeFileSync(new URL(name, import.meta.url), svg)
}

try {
  await main(parseOptions(process.argv.slice(2)))
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  console.error(error.message)
  process.exitCode = 2
}
