import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the repository, with a slash at the end. */
export const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url))

/** The files below a folder of the repository, as paths from its top, without what tests and builds leave behind. */
export function filesBelow(folder: string): string[] {
  const entries = readdirSync(join(REPOSITORY, folder), { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const paths = files.map((file) => relative(REPOSITORY, file).replaceAll('\\', '/'))
  return paths.filter((path) => !/(^|\/)(node_modules|dist|__pycache__|\.tmp)\//.test(path)).sort()
}

/** The text of a file of the repository. */
export function textOf(path: string): string {
  return readFileSync(join(REPOSITORY, path), 'utf8')
}
