/**
 * Makes README.md fit for the package's page, where it has no files beside it: every link and picture becomes an address in
 * the repository that package.json names, at the tag of this version. Run by the release workflow on its own checkout.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

/** README text with absolute addresses. Throws without a repository on GitHub. */
export function withAbsoluteLinks(readme: string, { repository, version }: Manifest): string {
  const url = typeof repository === 'object' ? repository.url : undefined
  const name = url?.match(/^git\+https:\/\/github\.com\/([\w-]+\/[\w.-]+)\.git$/)?.[1]
  if (name === undefined) {
    throw new RangeError(
      `package.json's repository.url is ${url}; expected git+https://github.com/OWNER/NAME.git, so that links can be absolute`,
    )
  }
  return readme.replace(/(!?)\[([^\]]*)\]\(([^)\s]+)\)/g, (given, mark: string, text: string, target: string) => {
    if (/^(?:#|[a-z]+:)/.test(target)) return given
    const place = mark === '' ? `https://github.com/${name}/blob` : `https://raw.githubusercontent.com/${name}`
    return `${mark}[${text}](${place}/v${version}/${target})`
  })
}

interface Manifest {
  readonly version: string
  readonly repository?: { readonly url?: string }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const manifest: Manifest = JSON.parse(readFileSync('package.json', 'utf8'))
  writeFileSync('README.md', withAbsoluteLinks(readFileSync('README.md', 'utf8'), manifest))
}
