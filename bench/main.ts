/** `npm run bench`: see HELP in options.ts. */
import { writeFileSync } from 'node:fs'
import { HELP, type Options, parseOptions, UsageError } from './options.ts'

const README = new URL('../README.md', import.meta.url)
const RESULTS = new URL('RESULTS.md', import.meta.url)
const CHART = new URL('results.svg', import.meta.url)

async function main({ quick, write, python, help }: Options): Promise<void> {
  if (help) {
    console.log(HELP)
    return
  }
  // Imported here, so that a mistake on the command line is reported without waiting for anything to load or install.
  const { installPeers } = await import('./peers.ts')
  installPeers()
  const { FULL_PLAN, QUICK_PLAN } = await import('./plan.ts')
  const { run } = await import('./run.ts')
  const { formatReadmeSection, formatReport } = await import('./report.ts')
  const results = await run(quick ? QUICK_PLAN : FULL_PLAN, python)
  const report = formatReport(results)
  console.log(report)
  if (!write) return
  const { drawSvg } = await import('./chart.ts')
  const { rewriteMarked } = await import('./marked.ts')
  rewriteMarked(RESULTS, 'bench', report)
  rewriteMarked(README, 'speed', formatReadmeSection(results))
  writeFileSync(CHART, await drawSvg(results))
}

try {
  await main(parseOptions(process.argv.slice(2)))
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  console.error(error.message)
  process.exitCode = 2
}
