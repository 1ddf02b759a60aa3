import { readdirSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { DEFAULTS, toHash } from '../src/settings/settings.ts'
import { runAsJson } from '../src/training/download.ts'
import { areAlike, runInNode } from './support/adult.ts'
import { CHROMIUM } from './support/browsers.ts'
import {
  addressOf,
  closeSite,
  consoleMessages,
  downloaded,
  type Mode,
  runToTheEnd,
  textOf,
  withPage,
} from './support/site.ts'

/** Both content security policies, in Chromium. */
const test = suite('policy')
test.after(closeSite)

const inChromium = (name: string, body: () => void | Promise<void>) => CHROMIUM.test(test, name, body)

const SHORT = { ...DEFAULTS, rows: '8192', epochs: 1 } as const

for (const [mode, kernel] of [
  ['production', 'SIMD'],
  ['strict', 'scalar'],
] as const) {
  inChromium(`the ${kernel} kernel gives the losses that Node.js gives`, async () => {
    await withPage({ mode, hash: toHash(SHORT) }, async (page) => {
      await runToTheEnd(page)
      const expected = JSON.parse(runAsJson(runInNode(SHORT), kernel.toLowerCase()))
      const found = (await downloaded(page)) as typeof expected
      assert.is(found.kernel, expected.kernel)
      assert.ok(areAlike(found.losses, expected.losses))
    })
  })
}

inChromium('every file comes with a policy that allows own files only, and WebAssembly in one mode', async () => {
  const policies: [Mode, string][] = [
    ['production', "script-src 'self' 'wasm-unsafe-eval'"],
    ['strict', "script-src 'self'"],
  ]
  for (const [mode, scripts] of policies) {
    for (const file of ['', ...builtFiles()]) {
      const response = await fetch((await addressOf(mode)) + file)
      const policy = response.headers.get('content-security-policy') ?? ''
      assert.is(response.status, 200, file)
      assert.ok(policy.startsWith("default-src 'none'; "), file)
      assert.ok(policy.split('; ').includes(scripts), file)
      assert.not.match(policy, /'unsafe-|https?:/, file)
    }
  }
})

for (const mode of ['production', 'strict'] as const) {
  inChromium(`the page and its worker request own files only: ${mode}`, async () => {
    const earlier = consoleMessages.length
    await withPage({ mode, hash: toHash(SHORT) }, async (page) => {
      await runToTheEnd(page)
      const list = () => performance.getEntriesByType('resource').map(({ name }) => name)
      const lists = [page.evaluate(list), ...page.workers().map((worker) => worker.evaluate(list))]
      const urls = (await Promise.all(lists)).flat()
      const address = await addressOf(mode)
      for (const url of urls) assert.ok(url.startsWith(address), url)
      assert.ok(
        urls.some((url) => url.endsWith('.bin')),
        'the data among them',
      )
    })
    // A request that the policy refused is in none of these lists, but the browser says so.
    assert.equal(consoleMessages.slice(earlier), [])
  })
}

inChromium('once it is loaded it needs no network', async () => {
  await withPage({ hash: toHash(SHORT) }, async (page) => {
    await page.setOfflineMode(true)
    await runToTheEnd(page)
    assert.is(await textOf(page, '#adagrad-area'), '0.5000')
  })
})

test.run()

function builtFiles(): string[] {
  return readdirSync(new URL('../dist/assets', import.meta.url)).map((name) => `assets/${name}`)
}
