import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type AxeCore from 'axe-core'
import type { Page } from 'puppeteer-core'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { DEFAULTS, toHash } from '../src/settings/settings.ts'
import { runAsJson } from '../src/training/download.ts'
import { explained, mostHeldBack } from '../src/words/explanation.ts'
import { nameVariables } from '../src/words/variables.ts'
import { adult, areAlike, runInNode } from './support/adult.ts'
import { CHROMIUM } from './support/browsers.ts'
import {
  addressOf,
  closeSite,
  consoleMessages,
  downloaded,
  inPhase,
  PHONE,
  runToTheEnd,
  textOf,
  withPage,
} from './support/site.ts'

/** The built page in Chromium, served as `npm run page` serves it. */
const test = suite('page')
test.after(closeSite)

const inChromium = (name: string, body: () => void | Promise<void>) => CHROMIUM.test(test, name, body)

const SHORT = { ...DEFAULTS, rows: '8192', epochs: 1 } as const
/** Long enough that a test can step in. */
const LONG = { ...DEFAULTS, rows: '8192', epochs: 3 } as const
/** It goes on for as long as a test looks at it, on the SIMD kernel too. */
const ENDLESS = { ...DEFAULTS, epochs: 10 } as const

inChromium('at rate 3 Adagrad fails and Clippy does not, with the figures of README.md', async () => {
  await withPage({ hash: toHash(DEFAULTS) }, async (page) => {
    await runToTheEnd(page)
    assert.is(await textOf(page, '#adagrad-area'), '0.5000')
    assert.is(await textOf(page, '#adagrad-verdict'), 'no better than guessing')
    assert.is(await textOf(page, '#clippy-area'), '0.9102')
    assert.is(await textOf(page, '#clippy-verdict'), 'has learned')
  })
})

inChromium('a paused run stands still', async () => {
  await withPage({ hash: toHash(LONG) }, async (page) => {
    await paused(page)
    const before = await textOf(page, '#position')
    await new Promise((resolve) => setTimeout(resolve, 400))
    assert.is(await textOf(page, '#position'), before)
    assert.match(before, /^Batch \d+ of 96, .*paused$/)
  })
})

inChromium('a run that was paused goes on to the losses of one that never was', async () => {
  await withPage({ hash: toHash(LONG) }, async (page) => {
    await paused(page)
    await page.click('#run')
    await inPhase(page, 'finished')
    const { losses } = JSON.parse(runAsJson(runInNode(LONG), 'simd'))
    assert.ok(areAlike(((await downloaded(page)) as { losses: typeof losses }).losses, losses))
  })
})

inChromium('reset goes back to before the first batch', async () => {
  await withPage({ hash: toHash(LONG) }, async (page) => {
    await paused(page)
    await page.click('#reset')
    await inPhase(page, 'ready')
    assert.equal([await textOf(page, '#position'), await textOf(page, '#clippy-area')], ['Ready', '–'])
  })
})

inChromium('a new rate during a run starts it anew, with that rate', async () => {
  await withPage({ hash: toHash(ENDLESS) }, async (page) => {
    await page.click('#run')
    await inPhase(page, 'running')
    await page.focus('#learning-rate')
    await page.keyboard.press('Home')
    await inPhase(page, 'ready')
    await inPhase(page, 'running')
    await page.click('#run')
    await inPhase(page, 'paused')
    const { settings } = (await downloaded(page)) as { settings: { learningRate: number } }
    assert.is(settings.learningRate, 0.01)
  })
})

inChromium('a link restores the settings', async () => {
  const settings = { learningRate: 0.37, thresholds: 'paper', epochs: 7, rows: '16384', seed: 42 } as const
  await withPage({ hash: toHash(settings) }, async (page) => {
    assert.equal(await shown(page), ['0.37', 'paper', '7', '16384', '42'])
  })
})

inChromium('what the user sets is in the address', async () => {
  await withPage({}, async (page) => {
    await page.select('#epochs', '4')
    await page.click('input[value=defaults]')
    assert.is(new URL(page.url()).hash, toHash({ ...DEFAULTS, epochs: 4, thresholds: 'defaults' }))
  })
})

inChromium('the button copies a link to the settings', async () => {
  await withPage({ hash: '#seed=9' }, async (page) => {
    const { origin } = new URL(page.url())
    await page
      .browser()
      .defaultBrowserContext()
      .overridePermissions(origin, ['clipboard-read', 'clipboard-sanitized-write'])
    await page.bringToFront()
    await page.click('#copy')
    await page.waitForFunction(() => document.querySelector('#copy')?.textContent === 'Link copied')
    const link = await page.evaluate(() => navigator.clipboard.readText())
    assert.is(link, (await addressOf('production')) + toHash({ ...DEFAULTS, seed: 9 }))
  })
})

inChromium('a link with a mistake says so', async () => {
  await withPage({ hash: '#lr=1000' }, async (page) => {
    assert.is(
      await textOf(page, '#link-problem'),
      'In the link, lr=1000 is not a number from 0.01 to 30, so 3 is used.',
    )
  })
})

inChromium('the keyboard reaches every control, in order', async () => {
  await withPage({}, async (page) => {
    const reached: string[] = []
    for (let presses = 0; presses < 10; presses++) {
      await page.keyboard.press('Tab')
      reached.push(await focused(page))
    }
    const controls = [
      'learning-rate',
      'epochs',
      'demo',
      'rows',
      'seed',
      'run',
      'reset',
      'copy',
      'summary',
      'held-variable',
    ]
    assert.equal(reached, controls)
  })
})

inChromium('the keyboard moves the rate, starts and pauses', async () => {
  await withPage({ hash: toHash(ENDLESS) }, async (page) => {
    await page.focus('#learning-rate')
    await page.keyboard.press('ArrowRight')
    assert.equal(await page.$eval('#learning-rate', (slider) => slider.getAttribute('aria-valuetext')), '3.3')
    await page.keyboard.press('End')
    assert.is(await textOf(page, '#learning-rate-value'), '30')
    await page.focus('#run')
    await page.keyboard.press('Enter')
    await inPhase(page, 'running')
    await page.keyboard.press('Space')
    await inPhase(page, 'paused')
  })
})

inChromium('what has the focus shows it', async () => {
  await withPage({}, async (page) => {
    await page.keyboard.press('Tab')
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineWidth)
    assert.is(outline, '3px')
  })
})

inChromium('a screen reader hears where a run has ended', async () => {
  await withPage({ hash: toHash(SHORT) }, async (page) => {
    await runToTheEnd(page)
    const text = await textOf(page, '[role=status]')
    assert.match(text, /^Finished: 32 batches\. Adagrad: loss 0\.\d+, test AUC 0\.5000, no better than guessing\./)
  })
})

inChromium('the chart has a table with the same numbers', async () => {
  await withPage({ hash: toHash(SHORT) }, async (page) => {
    await page.click('#loss-details summary')
    await runToTheEnd(page)
    const cells = await page.$$eval('#loss-table tbody tr', (rows) => rows.map((row) => row.textContent))
    assert.is(cells.length, 16)
    assert.is(await textOf(page, '#area-table tbody'), '10.50000.9022')
  })
})

inChromium('it names the coordinate that explain finds in the last batch', async () => {
  const { explanations } = runInNode(SHORT)
  const index = mostHeldBack(explanations) ?? 0
  const { lead, figures } = explained(nameVariables(adult().vocabularies)[index], explanations[index])
  await withPage({ hash: toHash(SHORT) }, async (page) => {
    await runToTheEnd(page)
    assert.is(await textOf(page, '#held-lead'), lead)
    assert.equal(
      await page.$$eval('#held-figures dd', (values) => values.map(({ textContent }) => textContent)),
      figures.map(([, value]) => value),
    )
  })
})

inChromium('every variable has its factor, now and at its lowest', async () => {
  await withPage({ hash: toHash(SHORT) }, async (page) => {
    await runToTheEnd(page)
    const numbers = await page.$$eval('#factors tbody .number', (cells) => cells.map(({ textContent }) => textContent))
    assert.is(numbers.length, 28)
    for (const text of numbers) assert.match(text ?? '', /^\d/)
  })
})

for (const [name, viewport, scheme] of [
  ['light', undefined, 'light'],
  ['dark', undefined, 'dark'],
  ["on a phone's width", PHONE, 'light'],
] as const) {
  inChromium(`axe finds nothing to complain of: ${name}`, async () => {
    const features = [{ name: 'prefers-color-scheme', value: scheme }]
    await withPage({ hash: toHash(SHORT), features, ...(viewport && { viewport }) }, async (page) => {
      assert.equal(await violations(page), [], 'before a run')
      await page.click('#loss-details summary')
      await runToTheEnd(page)
      assert.equal(await violations(page), [], 'after a run')
    })
  })
}

inChromium('the dark theme is dark', async () => {
  await withPage({ features: [{ name: 'prefers-color-scheme', value: 'dark' }] }, async (page) => {
    assert.is(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(17, 23, 28)')
  })
})

inChromium('who asked for less motion sees the page change once a second at most', async () => {
  const features = [{ name: 'prefers-reduced-motion', value: 'reduce' }]
  await withPage({ hash: toHash(ENDLESS), features }, async (page) => {
    await page.click('#run')
    await inPhase(page, 'running')
    const times = await page.evaluate(async () => {
      const changes: number[] = []
      const text = document.querySelector('#position')
      if (text) new MutationObserver(() => changes.push(performance.now())).observe(text, { childList: true })
      await new Promise((resolve) => setTimeout(resolve, 3200))
      return changes
    })
    assert.ok(times.length >= 2)
    for (let index = 1; index < times.length; index++) assert.ok(times[index] - times[index - 1] > 900, String(times))
  })
})

inChromium('nothing was written to the console in all of this', () => {
  assert.equal(unique(consoleMessages), [])
})

test.run()

/** Starts a run and pauses it within the first batches. */
async function paused(page: Page): Promise<void> {
  await page.click('#run')
  await inPhase(page, 'running')
  await page.click('#run')
  await inPhase(page, 'paused')
}

/** The settings as the form shows them. */
function shown(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    ['#learning-rate-value', 'input[name=thresholds]:checked', '#epochs', '#rows', '#seed'].map(
      (selector) => document.querySelector<HTMLInputElement | HTMLOutputElement>(selector)?.value ?? 'missing',
    ),
  )
}

/** The id of what has the focus, or the value of a radio button, or the name of the element. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement
    if (element instanceof HTMLInputElement && element.type === 'radio') return element.value
    return element?.id || (element?.localName ?? '')
  })
}

/** What axe-core has to say, all of its rules applied. */
async function violations(page: Page): Promise<string[]> {
  const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  await page.evaluate(source)
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof AxeCore }
    const { violations: found } = await axe.run()
    return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
  })
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)]
}
