import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createContext, runInContext } from 'node:vm'
import { buildSync } from 'esbuild'
import { REPOSITORY } from './repository.ts'

/** What the package exports, and the arrays of the realm that it lives in. */
export type FreshPackage = typeof import('../../src/index.ts') & {
  readonly Float32Array: Float32ArrayConstructor
  readonly Float64Array: Float64ArrayConstructor
}

/** What its script is called. */
export const FRESH_PACKAGE = 'fresh-package.js'

let bundle: string | undefined

/** The sources as one script that leaves its exports in `fresh`. */
function script(): string {
  if (bundle === undefined) {
    const entry = join(REPOSITORY, 'src/index.ts')
    const options = { bundle: true, write: false, format: 'iife', globalName: 'fresh', target: 'es2022' } as const
    const { outputFiles } = buildSync({
      ...options,
      stdin: { contents: readFileSync(entry, 'utf8'), resolveDir: join(REPOSITORY, 'src'), loader: 'ts' },
    })
    bundle = outputFiles[0].text
  }
  return bundle
}

/**
 * The package as it begins in another engine: in a realm of its own, that has been changed before anything is loaded. Nothing
 * has been made or remembered yet.
 */
export function freshPackage(change: (realm: Record<string, unknown>) => void = () => undefined): FreshPackage {
  const context = createContext({ atob })
  runInContext('globalThis.WebAssembly ??= undefined', context)
  change(runInContext('globalThis', context))
  runInContext(script(), context, { filename: FRESH_PACKAGE })
  return runInContext('({ ...fresh, Float32Array, Float64Array })', context)
}
