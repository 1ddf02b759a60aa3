import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { type BuildOptions, build, type Metafile } from 'esbuild'
import { formatTable } from '../tools/table.ts'

const REPOSITORY = fileURLToPath(new URL('..', import.meta.url))

/** What a user may import, and the names of it; all of them where there is no list. */
export const IMPORTS: readonly { readonly what: string; readonly names?: readonly string[] }[] = [
  { what: '`step` alone', names: ['step'] },
  {
    what: 'the step functions',
    names: ['step', 'clippingFactor', 'updateVariable', 'updateAccumulator', 'clippingBound', 'shrinkByReferences'],
  },
  { what: '`ClippyAdagrad` alone', names: ['ClippyAdagrad'] },
  { what: 'the whole package' },
]

export interface Bundle {
  readonly code: string
  readonly metafile: Metafile
}

/** The code that a program gets which imports these names from an entry point of the repository: minified, tree-shaken. */
export async function bundled(entry: string, names?: readonly string[]): Promise<Bundle> {
  const what = names === undefined ? '*' : `{ ${names.join(', ')} }`
  const options = {
    stdin: { contents: `export ${what} from './${entry}'`, resolveDir: REPOSITORY },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    metafile: true,
    logLevel: 'error',
  } as const satisfies BuildOptions
  const { outputFiles, metafile } = await build(options)
  return { code: outputFiles[0].text, metafile }
}

export interface Size {
  readonly what: string
  readonly minified: number
  readonly gzipped: number
}

/** The bytes of dist/index.js as a bundler leaves it, for each of `IMPORTS`. */
export async function measureSizes(): Promise<Size[]> {
  return Promise.all(
    IMPORTS.map(async ({ what, names }) => {
      const { code } = await bundled('dist/index.js', names)
      return { what, minified: Buffer.byteLength(code), gzipped: gzipSync(code, { level: 9 }).length }
    }),
  )
}

/** The block of README.md. */
export function formatSizes(sizes: readonly Size[]): string {
  const rows = sizes.map(({ what, minified, gzipped }) => [what, kilobytes(minified), kilobytes(gzipped)])
  const columns = [{ heading: 'imported', align: 'left' } as const, { heading: 'minified' }, { heading: 'gzip' }]
  return `${formatTable(columns, rows)}\n\nBundled by esbuild; 1 kB is 1000 bytes. Written by \`npm run size -- --write\`.`
}

/** The sizes that a block made by `formatSizes` shows, to the tenth of a kilobyte. */
export function readSizes(block: string): Size[] {
  const rows = block.matchAll(/^\| (.+?) +\| +([\d.]+) kB \| +([\d.]+) kB \|$/gm)
  return [...rows].map(([, what, minified, gzipped]) => ({
    what,
    minified: 1000 * +minified,
    gzipped: 1000 * +gzipped,
  }))
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`
}
