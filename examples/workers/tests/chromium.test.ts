import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { delimiter, join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { skipByName } from '../../../tests/package/skipped.ts'

/** Shared allocations on a page, which has to be cross-origin isolated for that. */
const test = suite('workers: Chromium')

const ISOLATED = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
}
const FILES: Readonly<Record<string, URL>> = {
  '/page.mjs': new URL('page/page.mjs', import.meta.url),
  '/worker.mjs': new URL('page/worker.mjs', import.meta.url),
  '/index.js': new URL('../../../dist/index.js', import.meta.url),
}

const executablePath = ['chromium', 'chromium-browser', 'google-chrome']
  .flatMap((command) => (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, command)))
  .find((path) => existsSync(path))

/** What the page's `run` gives, on a page that is sent with these headers. */
async function runOnPage(headers: Readonly<Record<string, string>>): Promise<unknown> {
  const server = createServer(({ url = '/' }, response) => {
    const file = FILES[url]
    const type = file === undefined ? 'text/html' : 'text/javascript'
    response.writeHead(200, { 'content-type': type, ...headers })
    response.end(file === undefined ? '<!doctype html><title>shared</title>' : readFileSync(file))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { default: puppeteer } = await import('puppeteer-core')
  const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking']
  const browser = await puppeteer.launch({ executablePath: executablePath ?? '', headless: true, args })
  try {
    const page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    return await page.evaluate("import('/page.mjs').then(({ run }) => run()).catch(({ message }) => message)")
  } finally {
    await browser.close()
    server.close()
  }
}

if (executablePath === undefined) {
  skipByName(test, 'Chromium', 'none in the PATH')
} else {
  test('on a cross-origin isolated page two workers step a shard each of what the page sees', async () => {
    const expected = { kernels: ['simd', 'simd'], hasSameFactors: true, hasSameBits: true, hasMoved: true }
    assert.equal(await runOnPage(ISOLATED), expected)
  })

  test('on any other page the error says which headers it needs', async () => {
    const message = String(await runOnPage({}))
    assert.match(message, 'Cross-Origin-Opener-Policy: same-origin')
    assert.match(message, 'Cross-Origin-Embedder-Policy: require-corp')
  })
}

test.run()
