import { readFileSync } from 'node:fs'
import { markedPart, rewriteMarked } from '../../tools/marked.ts'

const README = new URL('README.md', import.meta.url)

/** What stands in README.md between the markers of this name. */
export function readSection(name: string): string {
  return markedPart(readFileSync(README, 'utf8'), name)
}

export function writeSection(name: string, text: string): void {
  rewriteMarked(README, name, text)
}
