import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import puppeteer, { type Browser } from 'puppeteer-core'
import type { Callback, Test } from 'uvu'

const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome']

/** The last four keep Chromium from connecting to servers of its own. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const executablePath = inPath()

/** A test that needs Chromium; without one it is skipped, by name. */
export function browserTest(test: Test, name: string, body: Callback): void {
  if (executablePath !== undefined) test(name, body)
  else {
    console.log(`skipped: ${name} (no ${COMMANDS.join(', ')} in the PATH)`)
    test.skip(name)
  }
}

let running: Promise<Browser> | undefined

/** Chromium, started at the first call, with a new and empty profile. */
export function chromium(): Promise<Browser> {
  if (executablePath === undefined) throw new Error('tests that need Chromium go through browserTest')
  running ??= puppeteer.launch({ executablePath, headless: true, args: ARGUMENTS })
  return running
}

export async function closeChromium(): Promise<void> {
  await (await running)?.close()
  running = undefined
}

function inPath(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return COMMANDS.flatMap((command) => folders.map((folder) => join(folder, command))).find((path) => {
    try {
      accessSync(path, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
