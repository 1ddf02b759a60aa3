/** `npm run size`: prints how large the built package is once bundled; with `--write`, into README.md as well. */
import { rewriteMarked } from '../tools/marked.ts'
import { formatSizes, measureSizes } from './bundle-sizes.ts'

const README = new URL('../README.md', import.meta.url)

const options = process.argv.slice(2)
if (options.some((option) => option !== '--write')) {
  console.error(`unknown option ${options.find((option) => option !== '--write')}; usage: npm run size -- [--write]`)
  process.exitCode = 2
} else {
  const block = formatSizes(await measureSizes())
  console.log(block)
  if (options.includes('--write')) rewriteMarked(README, 'size', block)
}
