/** `npm run bench`: see HELP in options.ts. */
import { rewriteMarked } from '../../../bench/marked.ts'
import { type Measured, measure } from './measure.ts'
import { HELP, parseOptions } from './options.ts'
import { formatReport } from './report.ts'

const README = new URL('../README.md', import.meta.url)

const options = parseOptions(process.argv.slice(2))
if (options.help) {
  console.log(HELP)
} else {
  const measured: Measured[] = []
  for (const length of options.lengths) measured.push(await measure(length, options))
  const report = formatReport(measured, options)
  console.log(report)
  if (options.write) rewriteMarked(README, 'bench', report)
}
