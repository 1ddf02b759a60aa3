/** Writes ours/*.json anew: `npx tsx tests/reference/write-ours.ts`, then `make_fixtures.py verify-ours`. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { OURS, optimizers } from './ours-cases.ts'

rmSync(OURS, { recursive: true, force: true })
mkdirSync(OURS)
for (const [name, optimizer] of Object.entries(optimizers)) {
  // Short lists of numbers on one line, as the formatter has them.
  const text = JSON.stringify(optimizer, null, 2).replace(/\[[^[\]{}"]+\]/g, (list) =>
    list.replace(/\s+/g, ' ').replace('[ ', '[').replace(' ]', ']'),
  )
  writeFileSync(new URL(`${name}.json`, OURS), `${text}\n`)
}
