import type { Page } from 'puppeteer-core'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { DEFAULTS, toHash } from '../src/settings/settings.ts'
import { CHROMIUM, FIREFOX } from './support/browsers.ts'
import {
  closeSite,
  consoleMessages,
  inPhase,
  type OpenOptions,
  PHONE,
  runToTheEnd,
  textOf,
  withPage,
} from './support/site.ts'

/** What the page does in Chromium and in Firefox alike. */
const test = suite('browsers')

/** Of the losses of a run, by browser. */
const fingerprints = new Map<string, string>()
test.after(closeSite)

const SHORT = { ...DEFAULTS, rows: '8192', epochs: 1 } as const
/** It does not end while a test looks at it. */
const LONG = { ...DEFAULTS, epochs: 10 } as const
/** What a narrow screen folds away. */
const FOLDED = ['input[name=thresholds]', '#rows', '#seed']

for (const browser of [CHROMIUM, FIREFOX]) {
  const onPage = (name: string, options: OpenOptions, body: (page: Page) => Promise<void>) => {
    browser.test(test, `${browser.name}: ${name}`, () => withPage({ browser, ...options }, body))
  }

  for (const [mode, kernel] of [
    ['production', 'SIMD'],
    ['strict', 'scalar'],
  ] as const) {
    onPage(
      `the ${kernel} kernel runs, and the losses have the bits of the other kernel`,
      { mode, hash: toHash(SHORT) },
      async (page) => {
        assert.match(await textOf(page, '#kernel'), `${kernel} kernel`)
        await runToTheEnd(page)
        // Not those of Node.js: Math.exp and Math.log differ in the last bit between engines.
        const browser = await page.browser().version()
        const found = await textOf(page, '#fingerprint')
        assert.is(found, fingerprints.get(browser) ?? found)
        fingerprints.set(browser, found)
      },
    )
  }

  onPage('a seed that is none is refused with the reason, and not used', {}, async (page) => {
    await typeSeed(page, 'x')
    await page.keyboard.press('Tab')
    assert.is(await textOf(page, '#seed-problem'), 'The seed “x” is not a whole number from 0 to 4294967295.')
    assert.is(new URL(page.url()).hash, '')
  })

  onPage('Start is refused while the seed is none, and the seed gets the focus', {}, async (page) => {
    await typeSeed(page, 'x')
    await page.click('#run')
    assert.is(await page.evaluate(() => document.activeElement?.id), 'seed')
    await pause(300)
    assert.is(await textOf(page, '#position'), 'Ready')
  })

  onPage('the reason of a refusal comes into view', { viewport: { width: 1280, height: 500 } }, async (page) => {
    await typeSeed(page, 'x')
    await page.$eval('#run', (button) => button.scrollIntoView({ block: 'end', behavior: 'instant' }))
    await page.click('#run')
    assert.ok(await onScreen(page, '#seed-problem'))
  })

  onPage('Start stays under the pointer when the seed is refused', {}, async (page) => {
    await typeSeed(page, 'x')
    const before = await middleOf(page, '#run')
    await page.mouse.move(...before)
    await page.mouse.down()
    assert.is.not(await textOf(page, '#seed-problem'), '')
    assert.equal(await middleOf(page, '#run'), before)
    await page.mouse.up()
  })

  onPage('a change during a run starts no new one while the seed is none', { hash: toHash(LONG) }, async (page) => {
    await page.click('#run')
    await inPhase(page, 'running')
    await typeSeed(page, 'x')
    await page.focus('#learning-rate')
    await page.keyboard.press('ArrowRight')
    await inPhase(page, 'ready')
    await pause(600)
    assert.is(await textOf(page, '#position'), 'Ready')
  })

  onPage('Reset restores the seed', { hash: '#seed=7' }, async (page) => {
    await typeSeed(page, 'x')
    await page.click('#reset')
    assert.is(await page.$eval('#seed', (input) => (input as HTMLInputElement).value), '7')
    assert.is(await textOf(page, '#seed-problem'), '')
    await page.click('#run')
    await inPhase(page, 'running')
  })

  onPage('beside the results every setting is open', {}, async (page) => {
    for (const selector of FOLDED) assert.ok(await isVisible(page, selector), selector)
    assert.not(await isVisible(page, '#more-settings summary'))
  })

  onPage(
    'a phone folds thresholds, rows and seed away, so that Start is on its screen',
    { viewport: PHONE },
    async (page) => {
      for (const selector of FOLDED) assert.not(await isVisible(page, selector), selector)
      assert.ok(await onScreen(page, '#run'))
      await page.click('#more-settings summary')
      for (const selector of FOLDED) assert.ok(await isVisible(page, selector), selector)
    },
  )

  onPage(
    'on a phone Start brings the results into view, and Pause stays there',
    { viewport: PHONE, hash: toHash(LONG) },
    async (page) => {
      assert.not(await onScreen(page, '#loss-heading'))
      await page.click('#run')
      await inPhase(page, 'running')
      await scrolled(page)
      for (const selector of ['#run', '#position', '#adagrad-area', '#clippy-details', '#loss-heading']) {
        assert.ok(await onScreen(page, selector), selector)
      }
    },
  )

  onPage(
    'on a wide screen Start scrolls nothing',
    { hash: toHash(LONG), viewport: { width: 1280, height: 500 } },
    async (page) => {
      await page.$eval('#run', (button) => button.scrollIntoView({ block: 'center', behavior: 'instant' }))
      const before = await page.evaluate(() => scrollY)
      await page.click('#run')
      await inPhase(page, 'running')
      await scrolled(page)
      assert.is(await page.evaluate(() => scrollY), before)
    },
  )

  onPage('on a phone a refused Start unfolds the seed', { viewport: PHONE }, async (page) => {
    await page.click('#more-settings summary')
    await typeSeed(page, 'x')
    await page.click('#more-settings summary')
    await page.click('#run')
    assert.is(await page.evaluate(() => document.activeElement?.id), 'seed')
  })

  onPage(
    'nothing is wider than a phone of 360 pixels',
    { viewport: PHONE, hash: toHash({ ...SHORT, thresholds: 'defaults' }) },
    async (page) => {
      const widths = () =>
        page.evaluate(() => [document.documentElement.scrollWidth - document.documentElement.clientWidth, innerWidth])
      assert.equal(await widths(), [0, 360])
      await page.click('#more-settings summary')
      await page.click('#loss-details summary')
      await runToTheEnd(page)
      assert.equal(await widths(), [0, 360])
    },
  )

  browser.test(test, `${browser.name}: nothing was written to the console in all of this`, () => {
    assert.equal([...new Set(consoleMessages)], [])
  })
}

test.run()

async function typeSeed(page: Page, seed: string): Promise<void> {
  await page.$eval('#seed', (input) => (input as HTMLInputElement).select())
  await page.type('#seed', seed)
}

async function middleOf(page: Page, selector: string): Promise<[number, number]> {
  return page.$eval(selector, (element): [number, number] => {
    const { x, y, width, height } = element.getBoundingClientRect()
    return [x + width / 2, y + height / 2]
  })
}

function isVisible(page: Page, selector: string): Promise<boolean> {
  return page.$eval(selector, (element) => element.checkVisibility())
}

/** Whether all of it is on the screen, without scrolling. */
function onScreen(page: Page, selector: string): Promise<boolean> {
  return page.$eval(selector, (element) => {
    const { top, bottom, height } = element.getBoundingClientRect()
    return height > 0 && top >= 0 && bottom <= innerHeight
  })
}

/** Waits until a smooth scroll has come to rest. */
async function scrolled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    let before: number | undefined
    while (before !== scrollY) {
      before = scrollY
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
  })
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
