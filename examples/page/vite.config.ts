import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { STRICT, WITH_WEBASSEMBLY } from './policy.ts'

/** `vite preview --mode strict` serves under the policy that refuses WebAssembly. */
export default defineConfig(({ mode }) => ({
  root: fileURLToPath(new URL('.', import.meta.url)),
  // Relative addresses: the folder works wherever it is put.
  base: './',
  resolve: { alias: { 'clippy-adagrad': fileURLToPath(new URL('../../src/index.ts', import.meta.url)) } },
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    // Every asset is a file: the policy allows no data: URL but for images.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  preview: {
    headers: {
      // On every file: a worker's policy is the one that its own script came with, not the page's.
      'Content-Security-Policy': mode === 'strict' ? STRICT : WITH_WEBASSEMBLY,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
    },
  },
}))
