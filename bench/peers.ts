import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const FOLDER = fileURLToPath(new URL('.', import.meta.url))

/** Installs the peers that bench/package.json names unless they are there in just these versions. */
export function installPeers(): void {
  const { dependencies }: { dependencies: Record<string, string> } = readJson(`${FOLDER}package.json`)
  const isThere = Object.entries(dependencies).every(([name, version]) => {
    const path = `${FOLDER}node_modules/${name}/package.json`
    return existsSync(path) && readJson(path).version === version
  })
  if (isThere) return
  console.error('Installing the peers into bench/node_modules …')
  try {
    // Their output goes where progress goes: stdout is for results.
    execFileSync('npm', ['ci', '--prefix', FOLDER, '--no-audit', '--no-fund'], { stdio: ['ignore', 2, 2] })
  } catch {
    console.error('npm ci failed: peers that are missing are left out.')
  }
}

function readJson(path: string) {
  return JSON.parse(readFileSync(path, 'utf8'))
}
