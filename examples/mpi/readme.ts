import { readFileSync, writeFileSync } from 'node:fs'

const README = new URL('README.md', import.meta.url)

/** The text between `<!-- name:start -->` and `<!-- name:end -->`. */
export function readSection(name: string): string {
  return splitAt(name)[1]
}

export function writeSection(name: string, text: string): void {
  const [before, , after] = splitAt(name)
  writeFileSync(README, `${before}\n${text}\n${after}`)
}

function splitAt(name: string): [before: string, section: string, after: string] {
  const text = readFileSync(README, 'utf8')
  const [start, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`]
  const [from, to] = [text.indexOf(start) + start.length, text.indexOf(end)]
  if (!text.includes(start) || to < from) throw new Error(`README.md has no ${start} … ${end}`)
  return [text.slice(0, from), text.slice(from, to).trim(), text.slice(to)]
}
