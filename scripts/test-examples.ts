/**
 * `npm run test:examples`: the examples that have packages of their own, each with `npm ci && npm test` in its folder.
 * Arguments name some of them.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const FOLDER = 'examples'

const names = process.argv.length > 2 ? process.argv.slice(2) : readdirSync(FOLDER)
let failures = 0
for (const name of names) {
  const folder = join(FOLDER, name)
  if (!existsSync(join(folder, 'package.json'))) continue
  console.log(`\n${folder}`)
  if (npm(folder, 'ci', '--no-audit', '--no-fund')) {
    if (!npm(folder, 'test')) failures++
  } else if (npm(folder, 'ping')) {
    failures++
  } else {
    console.log(`skipped: ${folder} (its packages cannot be installed: no registry)`)
  }
}
process.exitCode = failures === 0 ? 0 : 1

function npm(cwd: string, ...given: string[]): boolean {
  return spawnSync('npm', given, { cwd, stdio: 'inherit' }).status === 0
}
