import { accessSync, constants, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { delimiter, extname, join } from 'node:path'
import type { Browser, SupportedBrowser } from 'puppeteer-core'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { REPOSITORY } from '../support/repository.ts'
import { pathIn, testWith } from './installed.ts'
import { CONSUMER, INSTALLED, run } from './packed.ts'
import { skipByName } from './skipped.ts'
import { assertSameBits, casesFile, expectedSmoke, type Smoke } from './smoke.ts'

/** The built package in headless browsers, on a page from this machine: the same bits as in Node.js on either kernel. */
const test = suite('browsers')

const BROWSERS: readonly Candidate[] = [
  {
    name: 'Chromium',
    browser: 'chrome',
    commands: ['chromium', 'chromium-browser', 'google-chrome'],
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  },
  { name: 'Firefox', browser: 'firefox', commands: ['firefox-esr', 'firefox'], args: [] },
]

interface Candidate {
  readonly name: string
  readonly browser: SupportedBrowser
  /** The names under which it is looked for in the PATH. */
  readonly commands: readonly string[]
  readonly args: readonly string[]
}

/** How the page is opened, and the kernel that serves there. */
const PAGES = [
  { query: '', kernel: 'simd', promise: 'the SIMD kernel gives the bits that Node.js gives' },
  { query: '?scalar', kernel: 'scalar', promise: 'without WebAssembly the scalar kernel gives the same bits' },
  {
    query: '?strict',
    kernel: 'scalar',
    promise: "under a policy without 'wasm-unsafe-eval' the scalar kernel serves, without a word, with the same bits",
  },
] as const

/** What a page may do under `?strict`: load scripts and data from its own server, and nothing else. */
const STRICT = "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self'"

const TYPES: Readonly<Record<string, string>> = { '.json': 'application/json', '.html': 'text/html' }

const PAGE =
  '<!doctype html><meta charset="utf-8"><title>smoke</title><script type="module" src="/smoke-page.mjs"></script>'

const server = createServer(answer)
let files = new Map<string, string>()
const open = new Map<string, Browser>()

test.before(async () => {
  expectedSmoke()
  files = new Map([
    ['/smoke.mjs', join(REPOSITORY, 'tests/package/smoke.mjs')],
    ['/smoke-page.mjs', join(REPOSITORY, 'tests/package/smoke-page.mjs')],
    ['/dist/index.js', join(INSTALLED, 'dist/index.js')],
    ['/cases.json', casesFile()],
  ])
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})

test.after(async () => {
  for (const browser of open.values()) await browser.close()
  server.close()
})

for (const candidate of BROWSERS) {
  const executablePath = inPath(candidate.commands)
  for (const { query, kernel, promise } of PAGES) {
    const name = `${candidate.name}: ${promise}`
    if (executablePath === undefined) {
      skipByName(test, name, `no ${candidate.commands.join(', ')} in the PATH`)
      continue
    }
    test(name, async () => {
      const { smoke, messages } = await smokeOf(await launched(candidate, executablePath), query)
      assertSameBits(smoke, kernel)
      assert.equal(messages, [])
    })
  }
}

const [chromium] = BROWSERS
const chromiumPath = inPath(chromium.commands)
const VITE = `${chromium.name}: a production build by Vite, minified, gives the same bits`
if (chromiumPath === undefined) skipByName(test, VITE, `no ${chromium.commands.join(', ')} in the PATH`)
else {
  testWith(test, 'vite', VITE, async () => {
    for (const [path, file] of filesByVite()) files.set(path, file)
    const { smoke, messages } = await smokeOf(await launched(chromium, chromiumPath), 'vite/index.html')
    assertSameBits(smoke, 'simd')
    assert.equal(messages, [])
  })
}

test.run()

/** Builds the page with Vite, the package imported by its name; gives the files of the build by their paths on the server. */
function filesByVite(): Map<string, string> {
  const folder = join(CONSUMER, 'vite')
  mkdirSync(folder)
  cpSync(join(REPOSITORY, 'tests/package/smoke.mjs'), join(folder, 'smoke.mjs'))
  const script = readFileSync(join(REPOSITORY, 'tests/package/smoke-page.mjs'), 'utf8')
  writeFileSync(join(folder, 'smoke-page.mjs'), script.replace('./dist/index.js', 'clippy-adagrad'))
  writeFileSync(join(folder, 'index.html'), PAGE)
  run(process.execPath, [pathIn('vite', 'bin/vite.js'), 'build', '--base', '/vite/', '--logLevel', 'warn'], folder)
  const built = readdirSync(join(folder, 'dist'), { recursive: true, encoding: 'utf8' })
  const scripts = built.filter((path) => path.endsWith('.js'))
  assert.ok(scripts.some((path) => readFileSync(join(folder, 'dist', path), 'utf8').includes('applyGradients')))
  return new Map(built.map((path) => [`/vite/${path}`, join(folder, 'dist', path)]))
}

/** The page at /, its scripts and the cases; nothing else. */
function answer(request: IncomingMessage, response: ServerResponse): void {
  const { pathname, search } = new URL(request.url ?? '/', 'http://localhost')
  const file = files.get(pathname)
  if (pathname === '/') {
    const policy = search === '?strict' ? { 'content-security-policy': STRICT } : {}
    response.writeHead(200, { 'content-type': 'text/html', ...policy }).end(PAGE)
  } else if (file === undefined) {
    // Browsers ask for /favicon.ico, and would write an error to the console.
    response.writeHead(204).end()
  } else {
    const type = TYPES[extname(file)] ?? 'text/javascript'
    response.writeHead(200, { 'content-type': type }).end(readFileSync(file))
  }
}

/** The browser, started at the first call; with a new, empty profile each time. */
async function launched({ name, browser, args }: Candidate, executablePath: string): Promise<Browser> {
  const running = open.get(name)
  if (running !== undefined) return running
  const { default: puppeteer } = await import('puppeteer-core')
  const started = await puppeteer.launch({ browser, executablePath, headless: true, args: [...args] })
  open.set(name, started)
  console.log(`\n${name}: ${await started.version()}`)
  return started
}

/** What the page gives, and all that it, or the browser about it, wrote to the console. */
async function smokeOf(browser: Browser, query: string): Promise<{ smoke: Smoke; messages: string[] }> {
  const page = await browser.newPage()
  const messages: string[] = []
  page.on('console', (message) => messages.push(message.text()))
  page.on('pageerror', (error) => {
    const text = String(error)
    // Firefox tells developers what a policy has stopped; no script sees that, and Chromium does not.
    if (!text.includes('Content-Security-Policy')) messages.push(text)
  })
  try {
    const { port } = server.address() as AddressInfo
    await page.goto(`http://127.0.0.1:${port}/${query}`)
    const element = await page.waitForSelector('#result', { timeout: 60_000 })
    const text = await element?.evaluate(({ textContent }) => textContent)
    const given: Smoke | { error: string } = JSON.parse(text ?? 'null')
    if ('error' in given) throw new Error(given.error)
    return { smoke: given, messages }
  } finally {
    await page.close()
  }
}

/** The path of the first of these commands that there is. */
function inPath(commands: readonly string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return commands.flatMap((command) => folders.map((folder) => join(folder, command))).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
