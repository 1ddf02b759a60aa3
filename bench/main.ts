/** `npm run bench`: see HELP in options.ts. */
import { writeFileSync } from 'node:fs'
import { describeMachine } from '../tools/machine.ts'
import { rewriteMarked } from '../tools/marked.ts'
import { UsageError } from '../tools/usage-error.ts'
import { HELP, type Options, parseOptions } from './options.ts'

const README = new URL('../README.md', import.meta.url)
const RESULTS = new URL('RESULTS.md', import.meta.url)
const CHART = new URL('results.svg', import.meta.url)

async function main({ only, quick, write, python, help }: Options): Promise<void> {
  if (help) {
    console.log(HELP)
    return
  }
  // Imported here, so that a mistake on the command line is reported without waiting for anything to load or install.
  const { IN_NODE, IN_PYTHON, PARTS } = await import('./parts/index.ts')
  const { installPeers } = await import('./peers.ts')
  const { runPython } = await import('./python.ts')
  const { joined } = await import('./figures.ts')
  const { formatReadme, formatReport } = await import('./report.ts')
  const { keepResults } = await import('./results.ts')
  const { measure } = await import('./run.ts')
  const size = quick ? 'quick' : 'full'
  const chosen = python === undefined ? IN_NODE : IN_PYTHON
  if (python === undefined) installPeers()
  const measured: Record<string, { conditions: string; tables: Awaited<ReturnType<typeof measure>> }> = {}
  for (const part of chosen.filter(({ name }) => only.length === 0 || only.includes(name))) {
    const fromPython = python === undefined ? undefined : await runPython(python, size)
    const tables = joined(await measure(part, size), fromPython?.tables ?? {})
    const conditions = [describeMachine(), ...(fromPython?.versions ?? [])].join(', ')
    measured[part.name] = { conditions, tables }
    console.log(`${formatReport([part], measured)}\n`)
  }
  if (!write) return
  const { drawSvg } = await import('./chart.ts')
  const results = keepResults(measured)
  rewriteMarked(RESULTS, 'bench', formatReport(PARTS, results))
  rewriteMarked(README, 'speed', formatReadme(results))
  writeFileSync(CHART, await drawSvg(results))
}

try {
  await main(parseOptions(process.argv.slice(2)))
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  console.error(error.message)
  process.exitCode = 2
}
