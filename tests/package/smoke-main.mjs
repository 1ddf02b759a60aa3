/**
 * `smoke-main.mjs LIBRARY CASES [GLOBAL …]`, in Node.js, Deno or Bun: prints what smoke.mjs gives as JSON. The globals that
 * are named are gone by the time the package is imported.
 */
import { readFileSync } from 'node:fs'
import process from 'node:process'
import { pathToFileURL } from 'node:url'
import { smoke } from './smoke.mjs'

const [library, cases, ...missing] = process.argv.slice(2)
for (const name of missing) {
  Reflect.deleteProperty(globalThis, name)
  if (name in globalThis) throw new Error(`${name} cannot be deleted`)
}
const result = smoke(await import(pathToFileURL(library).href), JSON.parse(readFileSync(cases, 'utf8')))
process.stdout.write(JSON.stringify(result))
