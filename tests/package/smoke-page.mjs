/** The script of the page in browsers.ts: writes what smoke.mjs gives into it. `?scalar` takes WebAssembly away before. */
import { smoke } from './smoke.mjs'

const output = document.createElement('pre')
try {
  if (location.search === '?scalar') Reflect.deleteProperty(globalThis, 'WebAssembly')
  const library = await import('./dist/index.js')
  const cases = await (await fetch('/cases.json')).json()
  output.textContent = JSON.stringify(smoke(library, cases))
} catch (error) {
  output.textContent = JSON.stringify({ error: `${error.name}: ${error.message}` })
}
output.id = 'result'
document.body.append(output)
