import { rmSync } from 'node:fs'
import { defineConfig, type Options } from 'tsup'

// Cleared once, here: the entries are built at the same time, and `clean` would let each delete what the other has made.
rmSync('dist', { recursive: true, force: true })

/**
 * esbuild turns a class that names itself into `var Variable = class _Variable`, and `Variable.name`, error messages and
 * stack traces would show that name. Its option keepNames would add a call for each class and function.
 */
const classNames = {
  name: 'class-names',
  renderChunk(code: string) {
    const renamed = new Set(Array.from(code.matchAll(/\bvar (\w+) = class _\1\b/g), ([, name]) => name))
    return { code: code.replace(/\b_(\w+)\b/g, (given, name: string) => (renamed.has(name) ? name : given)) }
  },
} satisfies NonNullable<Options['plugins']>[number]

/** Doc comments are in the types; in the code, where esbuild keeps only those of methods, they are a tenth of the tarball. */
const withoutDocComments = {
  name: 'without-doc-comments',
  renderChunk: (code: string) => ({ code: code.replace(/^ *\/\*\*[\s\S]*?\*\/\n/gm, '') }),
} satisfies NonNullable<Options['plugins']>[number]

// No source maps: what is published is not minified, and with them the tarball would be three times as large. Without the
// sources in them, bundlers warn of files that are missing.
const common: Options = {
  format: ['esm', 'cjs'],
  target: 'es2022',
  dts: true,
  treeshake: true,
  plugins: [classNames, withoutDocComments],
}

// Two builds and not one of two entries: each gives one file, and no chunk that both load.
export default defineConfig([
  { ...common, entry: { index: 'src/index.ts' } },
  {
    ...common,
    entry: { testing: 'src/testing/index.ts' },
    // The first line imports the types of fast-check, an optional peer: without it they are `any`, and no error.
    dts: { banner: '// @ts-ignore: whoever does not use stepCases need not have fast-check' },
  },
])
