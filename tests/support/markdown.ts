/** A block of code in a Markdown file. */
export interface CodeBlock {
  /** The word after the fence: js, ts, sh, text, … */
  readonly language: string
  readonly code: string
  /** The line of the opening fence, counted from 1. */
  readonly line: number
  /** The content of the `text` block right after this one, nothing but empty lines between them. */
  readonly output: string | undefined
}

/** The fenced blocks of a Markdown text, indented ones too. A fence that is never closed is an error. */
export function codeBlocks(markdown: string): CodeBlock[] {
  const lines = markdown.split('\n')
  const blocks: { language: string; code: string; line: number; end: number }[] = []
  for (let i = 0; i < lines.length; i++) {
    const opening = /^(\s*)(`{3,}|~{3,})(.*)$/.exec(lines[i])
    if (opening === null) continue
    const [, indent, fence, word] = opening
    const start = i
    do {
      i++
      if (i === lines.length) throw new Error(`the block of line ${start + 1} is never closed`)
    } while (lines[i].trim() !== fence)
    const inner = lines.slice(start + 1, i).map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line))
    blocks.push({ language: word.trim(), code: inner.join('\n'), line: start + 1, end: i + 1 })
  }
  return blocks.map(({ language, code, line, end }, index) => {
    const next = blocks[index + 1]
    const follows =
      next?.language === 'text' && lines.slice(end, next.line - 1).every((between) => between.trim() === '')
    return { language, code, line, output: follows ? next.code : undefined }
  })
}
