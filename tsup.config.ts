import { rmSync } from 'node:fs'
import { defineConfig, type Options } from 'tsup'

// Cleared once, here: the entries are built at the same time, and `clean` would let each delete what the other has made.
rmSync('dist', { recursive: true, force: true })

const common: Options = {
  format: ['esm', 'cjs'],
  target: 'es2022',
  dts: true,
  sourcemap: true,
  treeshake: true,
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
