/**
 * `smoke-main.mjs LIBRARY CASES [scalar]`, in Node.js, Deno or Bun: prints what smoke.mjs gives as JSON. With `scalar`,
 * the engine has no WebAssembly by the time the package is imported.
 */
import { readFileSync } from 'node:fs'
import process from 'node:process'
import { pathToFileURL } from 'node:url'
import { smoke } from './smoke.mjs'

const [library, cases, kernel] = process.argv.slice(2)
if (kernel === 'scalar') Reflect.deleteProperty(globalThis, 'WebAssembly')
const result = smoke(await import(pathToFileURL(library).href), JSON.parse(readFileSync(cases, 'utf8')))
process.stdout.write(JSON.stringify(result))
