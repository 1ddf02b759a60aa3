import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { joined, type Tables } from './figures.ts'
import type { Part, Session } from './parts/part.ts'

const SESSION = fileURLToPath(new URL('session.ts', import.meta.url))
const WITHOUT_WEBASSEMBLY = new URL('without-webassembly.mjs', import.meta.url).href
const TSCONFIG = fileURLToPath(new URL('tsconfig.json', import.meta.url))

/** Runs the sessions of a part, one after the other. Tells on stderr how long each took, and which could not run. */
export async function measure(part: Part, size: 'full' | 'quick'): Promise<Tables> {
  let tables: Tables = {}
  for (const [name, session] of Object.entries(part.sessions)) {
    const start = performance.now()
    const measured = await inProcess(part.name, name, session, size)
    if (measured !== undefined) tables = joined(tables, measured)
    const seconds = ((performance.now() - start) / 1000).toFixed(1)
    console.error(`${part.name}, ${name}: ${measured === undefined ? 'left out' : `${seconds} s`}`)
  }
  return tables
}

async function inProcess(
  part: string,
  name: string,
  { withoutWebAssembly = false }: Session,
  size: string,
): Promise<Tables | undefined> {
  const child = fork(SESSION, [part, name, size], {
    // What users get is measured: there `clippy-adagrad` is the build, in one file, which V8 inlines better.
    env: { ...process.env, TSX_TSCONFIG_PATH: TSCONFIG },
    execArgv: ['--expose-gc', ...(withoutWebAssembly ? ['--import', WITHOUT_WEBASSEMBLY] : []), '--import', 'tsx'],
  })
  let tables: Tables | undefined
  child.once('message', (message: Tables) => {
    tables = message
  })
  // It has told why on stderr, where it fails.
  await once(child, 'close')
  return tables
}
