import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'uvu'
import { REPOSITORY } from '../support/repository.ts'
import { skipByName } from './skipped.ts'

const FOLDER = join(REPOSITORY, 'tests/package/runtimes')

/** The packages of tests/package/runtimes/package.json and their versions. */
export const { optionalDependencies: OPTIONAL }: { optionalDependencies: Record<string, string> } = readJson(
  join(FOLDER, 'package.json'),
)

/** The path of a file in one of those packages. */
export function pathIn(holder: string, file: string): string {
  return join(FOLDER, 'node_modules', holder, file)
}

/** Adds a test that needs one of those packages. They are installed at the first call; where that fails, it is skipped. */
export function testWith(test: Test, holder: string, name: string, body: () => void | Promise<void>): void {
  installOnce()
  if (isInstalled(holder)) test(name, body)
  else skipByName(test, name, `${OPTIONAL[holder]} of ${holder} cannot be installed here`)
}

let wasTried = false

function installOnce(): void {
  if (wasTried || Object.keys(OPTIONAL).every(isInstalled)) return
  wasTried = true
  console.log('Installing the runtimes into tests/package/runtimes/node_modules …')
  try {
    // All are optional: npm leaves out what is not for this machine. None needs its install script.
    execFileSync('npm', ['ci', '--prefix', FOLDER, '--no-audit', '--no-fund', '--ignore-scripts'], {
      stdio: ['ignore', 'inherit', 'inherit'],
    })
  } catch {
    console.log('npm ci failed: runtimes that are missing are skipped by name.')
  }
}

/** Whether a package is there in just the version that package.json names. */
function isInstalled(holder: string): boolean {
  const path = pathIn(holder, 'package.json')
  return existsSync(path) && (OPTIONAL[holder]?.endsWith(readJson(path).version) ?? false)
}

function readJson(path: string) {
  return JSON.parse(readFileSync(path, 'utf8'))
}
