import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import puppeteer, { type Browser, type LaunchOptions } from 'puppeteer-core'
import type { Callback, Test } from 'uvu'

/** A browser that tests run in: one process for all of them, started when the first test needs it. */
export class TestBrowser {
  readonly name: string
  readonly #commands: readonly string[]
  readonly #executablePath: string | undefined
  readonly #options: LaunchOptions
  #running: Promise<Browser> | undefined

  /** The browser is the first of these commands that is in the PATH. */
  constructor(name: string, commands: readonly string[], options: LaunchOptions) {
    this.name = name
    this.#commands = commands
    this.#executablePath = inPath(commands)
    this.#options = options
  }

  /** Adds a test that needs this browser; without one it is skipped, by name. */
  test(test: Test, name: string, body: Callback): void {
    if (this.#executablePath !== undefined) test(name, body)
    else {
      console.log(`skipped: ${name} (no ${this.#commands.join(', ')} in the PATH)`)
      test.skip(name)
    }
  }

  /** Started with a new and empty profile. */
  start(): Promise<Browser> {
    if (this.#executablePath === undefined) throw new Error(`there is no ${this.name}: use TestBrowser.test`)
    this.#running ??= puppeteer.launch({ executablePath: this.#executablePath, headless: true, ...this.#options })
    return this.#running
  }

  async close(): Promise<void> {
    await (await this.#running)?.close()
    this.#running = undefined
  }
}

export const CHROMIUM = new TestBrowser('Chromium', ['chromium', 'chromium-browser', 'google-chrome'], {
  browser: 'chrome',
  // The last four keep it from connecting to servers of its own.
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--no-first-run',
    '--disable-quic',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
})

/** Puppeteer's own preferences keep it from connecting to servers of its own. */
export const FIREFOX = new TestBrowser('Firefox', ['firefox-esr', 'firefox'], { browser: 'firefox' })

function inPath(commands: readonly string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return commands
    .flatMap((command) => folders.map((folder) => join(folder, command)))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK)
        return true
      } catch {
        return false
      }
    })
}
