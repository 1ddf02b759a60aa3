import { readFileSync, writeFileSync } from 'node:fs'

/**
 * `text` with everything between `<!-- name:start -->` and `<!-- name:end -->` replaced; the rest, written by hand, stays.
 * Throws Error unless each marker is there once, in this order.
 */
export function replaceMarked(text: string, name: string, content: string): string {
  const [before, , after] = splitAt(text, name)
  return `${before}\n${content.trim()}\n${after}`
}

/** What stands between the two markers; throws as `replaceMarked`. */
export function markedPart(text: string, name: string): string {
  return splitAt(text, name)[1].trim()
}

/** `replaceMarked` in a file. */
export function rewriteMarked(file: URL, name: string, content: string): void {
  writeFileSync(file, replaceMarked(readFileSync(file, 'utf8'), name, content))
}

function splitAt(text: string, name: string): [before: string, part: string, after: string] {
  const [start, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`]
  for (const marker of [start, end]) {
    const count = text.split(marker).length - 1
    if (count !== 1) throw new Error(`expected ${marker} once, found it ${count} times`)
  }
  const from = text.indexOf(start) + start.length
  const to = text.indexOf(end)
  if (to < from) throw new Error(`${end} stands before ${start}`)
  return [text.slice(0, from), text.slice(from, to), text.slice(to)]
}
