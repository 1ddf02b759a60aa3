import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'

const ENTRY = new URL('training/run.ts', import.meta.url)
const PACKAGE = new URL('../../src/index.ts', import.meta.url)
const DATA = ['adult.data.gz', 'adult.test.gz'].map(
  (name) => new URL(`../../examples/adult/data/${name}`, import.meta.url),
)

/** What stands for all that decides the result of a run, besides its spec: sources, data and engine. */
export function fingerprint(): string {
  const hash = createHash('sha256').update(process.versions.v8)
  for (const file of [...sourcesOf(ENTRY), ...DATA]) hash.update(readFileSync(file))
  return hash.digest('hex').slice(0, 16)
}

/** A module and all modules that it needs, those of installed packages aside; in the order of their imports. */
export function sourcesOf(entry: URL): URL[] {
  const found = new Map<string, URL>()
  const visit = (file: URL): void => {
    if (found.has(file.href)) return
    found.set(file.href, file)
    for (const [, target] of readFileSync(file, 'utf8').matchAll(/\bfrom '([^']+)'/g)) {
      const imported = target === 'clippy-adagrad' ? PACKAGE : new URL(target, file)
      // The names of installed packages, resolved like this, lead nowhere.
      if (existsSync(imported)) visit(imported)
    }
  }
  visit(entry)
  return [...found.values()]
}
