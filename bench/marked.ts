/**
 * `text` with everything between `<!-- name:start -->` and `<!-- name:end -->` replaced; the rest, written by hand, stays.
 * Throws Error unless each marker is there once, in this order.
 */
export function replaceMarked(text: string, name: string, content: string): string {
  const [start, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`]
  for (const marker of [start, end]) {
    const count = text.split(marker).length - 1
    if (count !== 1) throw new Error(`expected ${marker} once, found it ${count} times`)
  }
  const from = text.indexOf(start) + start.length
  const to = text.indexOf(end)
  if (to < from) throw new Error(`${end} stands before ${start}`)
  return `${text.slice(0, from)}\n${content.trim()}\n${text.slice(to)}`
}
