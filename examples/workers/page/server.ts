import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'

/** The folder of all examples: the page takes its data from another one. */
const ROOT = new URL('../../', import.meta.url)
const PACKAGE = fileURLToPath(new URL('../dist/index.js', ROOT))
const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.ts': 'text/javascript' }

/** The headers that a page needs for shared memory. Its workers need them too, so they go with every file. */
export const ISOLATED = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
}

/** Serves the examples on this machine; gives the address of their folder. */
export async function serveExamples(headers: Readonly<Record<string, string>> = ISOLATED) {
  const server = createServer(async ({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://localhost')
    try {
      const path = fileURLToPath(new URL(`.${pathname}`, ROOT))
      const content = path.endsWith('.ts') ? await bundled(path) : await readFile(path)
      response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream', ...headers })
      response.end(content)
    } catch (error) {
      response.writeHead(404).end(String(error))
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { address: `http://127.0.0.1:${port}`, close: () => server.close() }
}

/** The program and all that it imports, as JavaScript for a browser. */
async function bundled(program: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [program],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    alias: { 'clippy-adagrad': PACKAGE },
    plugins: [ownAddresses],
  })
  return outputFiles[0].contents
}

/**
 * Lets every file keep its own `import.meta.url`, which in a bundle is the bundle's: the program of a thread is looked for
 * beside the file that starts it.
 */
const ownAddresses: Plugin = {
  name: 'own addresses',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const address = JSON.stringify(`/${relative(fileURLToPath(ROOT), path)}`)
      const source = await readFile(path, 'utf8')
      return { loader: 'ts', contents: source.replaceAll('import.meta.url', `new URL(${address}, location.href).href`) }
    })
  },
}
