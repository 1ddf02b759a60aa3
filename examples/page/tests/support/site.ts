import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page, Viewport, WebWorker } from 'puppeteer-core'
import { type PreviewServer, preview } from 'vite'
import { CHROMIUM, FIREFOX, type TestBrowser } from './browsers.ts'

/** The policies of `npm run serve`, which `npm run page` calls, and of `npm run serve:strict`. */
export type Mode = 'production' | 'strict'

export const PHONE: Viewport = { width: 360, height: 740, isMobile: true, hasTouch: true }

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const servers = new Map<Mode, Promise<PreviewServer>>()

/** What every page has written to its console so far. */
export const consoleMessages: string[] = []

/** The address of the built page under a policy, from the server that `npm run page` starts. */
export async function addressOf(mode: Mode): Promise<string> {
  const starting = servers.get(mode) ?? preview({ root: ROOT, mode, logLevel: 'error', preview: { host: '127.0.0.1' } })
  servers.set(mode, starting)
  const address = (await starting).resolvedUrls?.local[0]
  if (address === undefined) throw new Error('the server has no address')
  return address
}

export interface OpenOptions {
  browser?: TestBrowser
  mode?: Mode
  hash?: string
  viewport?: Viewport
  /** In Chromium alone. */
  features?: { name: string; value: string }[]
}

/** Opens the page, waits for its data, and closes it after `use`. */
export async function withPage(options: OpenOptions, use: (page: Page) => Promise<void>): Promise<void> {
  const { browser = CHROMIUM, mode = 'production', hash = '', viewport = { width: 1280, height: 900 } } = options
  const address = await addressOf(mode)
  const page = await (await browser.start()).newPage()
  page.on('console', (message) => consoleMessages.push(message.text()))
  page.on('pageerror', (error) => consoleMessages.push(String(error)))
  if (browser === CHROMIUM) page.on('workercreated', (worker) => listen(worker))
  try {
    await page.setViewport(viewport)
    if (options.features !== undefined) await page.emulateMediaFeatures(options.features)
    await page.goto(address + hash)
    await inPhase(page, 'ready')
    await use(page)
  } finally {
    await page.close()
  }
}

/** What Chromium says about a worker, refused requests among it: puppeteer leaves that out. It repeats what was before. */
function listen({ client }: WebWorker): void {
  client.on('Log.entryAdded', ({ entry }) => consoleMessages.push(entry.text))
  client.send('Log.enable').catch((error: unknown) => consoleMessages.push(String(error)))
}

/** Waits until the page says that it is ready, running, paused or finished. */
export async function inPhase(page: Page, phase: string): Promise<void> {
  await page.waitForFunction((wanted) => document.body.dataset.phase === wanted, { timeout: 60_000 }, phase)
}

export async function runToTheEnd(page: Page): Promise<void> {
  await page.click('#run')
  await inPhase(page, 'finished')
}

export function textOf(page: Page, selector: string): Promise<string> {
  return page.$eval(selector, ({ textContent }) => textContent ?? '')
}

/** What the button at the foot of the page saves, as the file that a user gets. */
export async function downloaded(page: Page): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), 'clippy-adagrad-page-'))
  const session = await page.browser().target().createCDPSession()
  try {
    await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folder, eventsEnabled: true })
    const completed = new Promise<void>((resolve) => {
      session.on('Browser.downloadProgress', ({ state }) => {
        if (state === 'completed') resolve()
      })
    })
    await page.click('#download')
    await completed
    return JSON.parse(readFileSync(join(folder, 'clippy-adagrad-run.json'), 'utf8'))
  } finally {
    await session.detach()
    rmSync(folder, { recursive: true })
  }
}

export async function closeSite(): Promise<void> {
  await CHROMIUM.close()
  await FIREFOX.close()
  for (const server of servers.values()) await (await server).close()
  servers.clear()
}
