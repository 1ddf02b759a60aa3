/** `npm run readme`: puts every recipe's file between its markers in README.md. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { replaceMarked } from '../../tools/marked.ts'

const README = new URL('README.md', import.meta.url)

let text = readFileSync(README, 'utf8')
for (const file of readdirSync(new URL('.', import.meta.url))) {
  if (!text.includes(`<!-- ${file}:start -->`)) continue
  const code = readFileSync(new URL(file, import.meta.url), 'utf8')
  text = replaceMarked(text, file, `\`\`\`ts\n${code}\`\`\``)
}
writeFileSync(README, text)
