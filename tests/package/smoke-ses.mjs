/**
 * `smoke-ses.mjs SES LIBRARY COMMONJS CASES lockdown|compartment`, in Node.js: locks all built-in objects down with SES and
 * prints what smoke.mjs gives as JSON; in a compartment, the package and smoke.mjs are evaluated with two classes and no
 * other global but the language's.
 */
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

const [ses, library, commonjs, casesFile, where] = process.argv.slice(2)
await import(pathToFileURL(ses).href)
lockdown()
if (!Object.isFrozen(Float32Array.prototype)) throw new Error('lockdown has frozen nothing')
const cases = readFileSync(casesFile, 'utf8')
if (where === 'lockdown') {
  const { smoke } = await import('./smoke.mjs')
  process.stdout.write(JSON.stringify(smoke(await import(pathToFileURL(library).href), JSON.parse(cases))))
} else {
  const compartment = new Compartment({ globals: { Float32Array, Float64Array, cases }, __options__: true })
  const script = readFileSync(new URL('smoke.mjs', import.meta.url), 'utf8').replace('export function', 'function')
  process.stdout.write(
    compartment.evaluate(`(() => {
      const module = { exports: {} };
      (function (module, exports) { ${readFileSync(commonjs, 'utf8')}
      })(module, module.exports)
      ${script}
      return JSON.stringify(smoke(module.exports, JSON.parse(cases)))
    })()`),
  )
}
