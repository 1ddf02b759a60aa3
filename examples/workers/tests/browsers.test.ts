import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import puppeteer, { type Browser, type Page, type SupportedBrowser } from 'puppeteer-core'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { skipByName } from '../../../tests/package/skipped.ts'
import { ISOLATED, serveExamples } from '../page/server.ts'

/** Threads on a page, which are workers, and the page that trains. */
const test = suite('workers: browsers')

interface Candidate {
  readonly name: string
  readonly browser: SupportedBrowser
  /** The names under which it is looked for in the PATH. */
  readonly commands: readonly string[]
  readonly args: string[]
}

const BROWSERS: readonly Candidate[] = [
  {
    name: 'Chromium',
    browser: 'chrome',
    commands: ['chromium', 'chromium-browser', 'google-chrome'],
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  },
  { name: 'Firefox', browser: 'firefox', commands: ['firefox-esr', 'firefox'], args: [] },
]

type Headers = Readonly<Record<string, string>>

/** By promise, a call of one of page/checks.ts. */
const CHECKS: Readonly<Record<string, string>> = {
  'the kernel serves in every worker': 'everyThreadHasTheKernel()',
  'one shard has the bits of a step on the whole': 'shardsHaveTheBitsOfTheWhole(1)',
  'two shards have the bits of a step on the whole': 'shardsHaveTheBitsOfTheWhole(2)',
  'three shards have the bits of a step on the whole': 'shardsHaveTheBitsOfTheWhole(3)',
  'five shards have the bits of a step on the whole': 'shardsHaveTheBitsOfTheWhole(5)',
  'a NaN in one shard moves no shard': 'aNaNMovesNoShard()',
  'a worker that is lost ends the team': 'aLostWorkerEndsTheTeam()',
  'a program that is missing is the error of the start': 'aProgramThatIsMissingIsTheErrorOfTheStart()',
}

/** What the page that trains says of one thread and of two, after one epoch. */
const LINES = [1, 2].map(
  (threads) =>
    new RegExp(`^${threads} threads?: seconds per epoch [.\\d]+, loss [.\\d]+, test AUC ([.\\d]+), weights (\\w{8})$`),
)

for (const { name, browser, commands, args } of BROWSERS) {
  const executablePath = commands
    .flatMap((command) => (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, command)))
    .find((path) => existsSync(path))
  if (executablePath === undefined) {
    skipByName(test, `workers: ${name}`, `no ${commands.join(', ')} in the PATH`)
    continue
  }
  let running: Browser | undefined
  test.after(() => running?.close())

  /** What `use` finds on the page, which is sent with these headers. */
  const onPage = async <Found>(path: string, headers: Headers, use: (page: Page) => Promise<Found>): Promise<Found> => {
    running ??= await puppeteer.launch({ browser, executablePath, headless: true, args, protocolTimeout: 60_000 })
    const server = await serveExamples(headers)
    const page = await running.newPage()
    try {
      await page.goto(`${server.address}/${path}`)
      return await use(page)
    } finally {
      await page.close()
      server.close()
    }
  }

  /** What the page that trains has written in the end. */
  const trainingOnPage = (headers: Headers) =>
    onPage('workers/page/index.html?epochs=1', headers, async (page) => {
      await page.waitForSelector('#log.done', { timeout: 60_000 })
      return (await page.$eval('#log', ({ textContent }) => textContent ?? '')).trim().split('\n')
    })

  for (const [promise, call] of Object.entries(CHECKS)) {
    test(`${name}: ${promise}`, () =>
      onPage('workers/tests/page/checks.html', ISOLATED, async (page) => {
        await page.evaluate(`import('./checks.ts').then((checks) => checks.${call})`)
      }))
  }

  test(`${name}: training on two workers gives the same bits in every run, and the AUC of one`, async () => {
    const [first, second] = [await trainingOnPage(ISOLATED), await trainingOnPage(ISOLATED)]
    for (const line of first) console.log(`${name}: ${line}`)
    const [areas, bits] = [1, 2].map((group) => LINES.map((line, k) => line.exec(first[k])?.[group]))
    assert.ok(Number(areas[0]) > 0.88, first[0])
    assert.ok(Math.abs(Number(areas[1]) - Number(areas[0])) <= 1e-3, first[1])
    assert.equal(
      LINES.map((line, k) => line.exec(second[k])?.[2]),
      bits,
    )
  })

  test(`${name}: on a page that is not cross-origin isolated the error says which headers it needs`, async () => {
    const message = (await trainingOnPage({})).join()
    assert.match(message, 'Cross-Origin-Opener-Policy: same-origin')
    assert.match(message, 'Cross-Origin-Embedder-Policy: require-corp')
  })
}

test.run()
